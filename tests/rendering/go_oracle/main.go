// Reads YAML as Kubernetes does, for the tests to compare with.
//
// Every line of standard input is a JSON string that holds YAML or JSON; every line of the output answers it.
// Without arguments it is one document, and the answer {"json": value} or {"error": message}. With the argument
// "stream" it is a file, which is cut into documents as Argo CD does it, and the answer has all of their values,
// {"json": [value, ...]}, with the error that ended them, if one did.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	kubeyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

type answer struct {
	JSON  json.RawMessage `json:"json,omitempty"`
	Error string          `json:"error,omitempty"`
}

func main() {
	read := readDocument
	if len(os.Args) > 1 && os.Args[1] == "stream" {
		read = readStream
	}
	in := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	buffered := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer buffered.Flush()
	out := json.NewEncoder(buffered)
	for {
		var text string
		if err := in.Decode(&text); err == io.EOF {
			return
		} else if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := out.Encode(guarded(read, text)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func guarded(read func(string) answer, text string) (result answer) {
	defer func() {
		if problem := recover(); problem != nil {
			result = answer{Error: fmt.Sprint(problem)}
		}
	}()
	return read(text)
}

func readDocument(text string) answer {
	value, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{JSON: value}
}

func readStream(text string) answer {
	decoder := kubeyaml.NewYAMLOrJSONDecoder(bytes.NewReader([]byte(text)), 4096)
	documents := []json.RawMessage{}
	message := ""
	for {
		var document json.RawMessage
		err := decoder.Decode(&document)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			message = err.Error()
			break
		}
		if len(document) > 0 {
			documents = append(documents, document)
		}
	}
	values, err := json.Marshal(documents)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{JSON: values, Error: message}
}
