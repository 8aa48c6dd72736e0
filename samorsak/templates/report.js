// The answers behind the categories of a report. Texts of answers are set with textContent only.
"use strict";

const { words, columns, groups, answers } = JSON.parse(document.getElementById("held").textContent);
const atOnce = { all: 10, narrowed: 5 }; // statements of a category before "more"; each "more" doubles them
const shownNumber = (n) => n.toLocaleString(document.documentElement.lang);

// Letters count, their case and their composition do not: å is not a.
const fold = (text) => text.toLowerCase().normalize("NFC");
let folded; // the answers' texts, when somebody searches

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function item([place, start, end]) {
  const [id, text, values] = answers[place];
  const answer = element("p", undefined, "answer");
  answer.append(text.slice(0, start), element("mark", text.slice(start, end)), text.slice(end));
  const from = element("p", `${words.answer} `, "from");
  from.append(element("bdi", id));
  values.forEach((value, column) => {
    const [name, known] = columns[column];
    if (known[value]) from.append(" · ", element("bdi", name), ": ", element("bdi", known[value]));
  });
  const made = element("li");
  made.append(answer, from);
  return made;
}

// What was searched stands out, where a browser can (CSS Custom Highlight API) and folding moved no letter.
const hits = globalThis.Highlight ? new Highlight() : new Set();
CSS.highlights?.set("hit", hits);

function* places(made, wanted) {
  const walk = document.createTreeWalker(made.querySelector(".answer"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = fold(walk.currentNode.data);
    if (text.length !== walk.currentNode.data.length) continue;
    for (const word of wanted) {
      for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
        const range = new Range();
        range.setStart(walk.currentNode, at);
        range.setEnd(walk.currentNode, at + word.length);
        yield range;
      }
    }
  }
}

class Group {
  constructor(details) {
    this.details = details;
    this.list = details.querySelector("ol");
    this.count = details.querySelector(".n");
    this.said = this.count.textContent;
    this.more = details.querySelector("button");
    this.all = groups[details.dataset.verbatims];
    this.hits = [];
    this.show(this.all);
    details.addEventListener("toggle", () => details.open && !this.shown && this.add());
    this.more.addEventListener("click", () => {
      const first = this.add();
      first.tabIndex = -1;
      first.focus();
    });
  }

  show(members, narrowed = false, wanted = []) {
    this.hits.forEach((range) => hits.delete(range));
    const first = narrowed ? atOnce.narrowed : atOnce.all;
    Object.assign(this, { members, wanted, first, shown: 0, hits: [] });
    this.list.replaceChildren();
    this.count.textContent = narrowed
      ? words.of.replace("{n}", shownNumber(members.length)).replace("{of}", shownNumber(this.all.length))
      : this.said;
    this.details.hidden = !members.length && narrowed;
    if (this.details.open) this.add();
  }

  add() {
    const next = this.members.slice(this.shown, this.shown + Math.max(this.shown, this.first)).map(item);
    this.list.append(...next);
    this.hits.push(...next.flatMap((made) => [...places(made, this.wanted)]));
    this.hits.forEach((range) => hits.add(range));
    this.shown += next.length;
    this.more.hidden = this.shown >= this.members.length;
    return next[0];
  }
}

class Panel {
  constructor(live) {
    this.form = live.querySelector("form");
    this.status = live.querySelector(".status");
    this.groups = [...live.querySelectorAll("[data-verbatims]")].map((details) => new Group(details));
    this.total = this.groups.reduce((sum, group) => sum + group.all.length, 0);
    this.narrowed = false;
    this.field = this.form.querySelector("input");
    this.filters = [...this.form.querySelectorAll("select")];
    this.field.addEventListener("input", () => this.search());
    this.filters.forEach((filter) => filter.addEventListener("change", () => this.search()));
    this.form.addEventListener("reset", () => setTimeout(() => this.search()));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    live.hidden = false;
  }

  search() {
    const wanted = fold(this.field.value).split(/\s+/).filter(Boolean);
    const chosen = this.filters
      .map(({ value }, column) => [column, value])
      .filter(([, value]) => value !== "")
      .map(([column, value]) => [column, Number(value)]);
    const narrowed = wanted.length > 0 || chosen.length > 0;
    if (wanted.length) folded ??= answers.map(([, text]) => fold(text));
    const fits = ([place]) =>
      chosen.every(([column, value]) => answers[place][2][column] === value) &&
      wanted.every((word) => folded[place].includes(word));
    let found = 0;
    for (const group of this.groups) {
      if (!this.narrowed) group.wasOpen = group.details.open;
      const members = narrowed ? group.all.filter(fits) : group.all;
      found += members.length;
      group.details.open = narrowed ? members.length > 0 : group.wasOpen;
      group.show(members, narrowed, wanted);
    }
    this.narrowed = narrowed;
    const said = found ? words.found.replace("{n}", shownNumber(found)).replace("{of}", shownNumber(this.total)) : words.found_none;
    this.status.textContent = narrowed ? said : "";
  }
}

const panels = [...document.querySelectorAll(".live")].map((live) => new Panel(live));

// A link to a category opens it.
function open() {
  const fold = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!fold?.matches(".live details")) return;
  const panel = panels.find((one) => one.groups.some((group) => group.details === fold));
  if (fold.hidden) {
    panel.form.reset();
    panel.search();
  }
  fold.open = true;
  fold.querySelector("summary").focus();
  fold.scrollIntoView();
}
addEventListener("hashchange", open);
open();
