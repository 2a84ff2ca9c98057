"""What ran when: the history of an app, read from the commits of the infrastructure repository.

::

    places    which files are the app's, per environment
    reading   commits -> facts: what changed files said afterwards; renamed folders are followed
    judging   facts in their order -> events: deploy, rollback, re-tag, config, remove, intent
    figures   events -> how often, how fast, how often undone
    reports/  text, Markdown, JSON, HTML

Commits are judged by what the manifests say before and after, never by their messages.
"""
