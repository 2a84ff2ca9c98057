"use strict";
// The page is whole without this: it only hides what nobody asked for.
const articles = [...document.querySelectorAll("article")];
const texts = new Map(articles.map((article) => [article, article.textContent.toLowerCase()]));
const tools = document.querySelector(".tools");
const search = document.getElementById("search");
const boxes = [...document.querySelectorAll("input[name=class]")];
const status = document.getElementById("shown");

function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
  let shown = 0;
  for (const article of articles) {
    const classes = article.dataset.classes.split(" ");
    article.hidden = !(classes.some((each) => chosen.has(each))
      && words.every((word) => texts.get(article).includes(word)));
    shown += article.hidden ? 0 : 1;
  }
  status.textContent = shown === articles.length ? `all ${shown} shown` : `${shown} of ${articles.length} shown`;
}

function openAll(event) {
  const open = event.currentTarget.dataset.open !== "yes";
  event.currentTarget.dataset.open = open ? "yes" : "no";
  event.currentTarget.textContent = open ? "Close all details" : "Open all details";
  for (const details of document.querySelectorAll("details")) details.open = open;
}

search.addEventListener("input", show);
for (const box of boxes) box.addEventListener("change", show);
document.getElementById("details").addEventListener("click", openAll);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== search) { event.preventDefault(); search.focus(); }
  if (event.key === "Escape" && document.activeElement === search) { search.value = ""; show(); }
});
tools.hidden = false;
show();
