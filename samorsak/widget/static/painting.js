// What of the page follows from the draft, painted anew after every change.

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const PER_STATEMENT = ["start_left", "start_right", "end_left", "end_right", "split", "join", "remove"];

class Painting {
  renderProgress() {
    const { parts, shown, words } = this;
    const said = [words("progress", shown)];
    if (shown.skipped) said.push(words("progress_skipped", { n: shown.skipped }));
    if (shown.flagged) said.push(words("progress_flagged", { n: shown.flagged }));
    const left = shown.total - shown.decided - shown.skipped;
    if (shown.seconds !== null && left > 0) {
      said.push(words("pace", { seconds: Math.round(shown.seconds), minutes: Math.max(1, Math.round((left * shown.seconds) / 60)) }));
    }
    parts.progress.textContent = said.join(" · ");
    parts.bar.setAttribute("aria-valuemax", shown.total);
    parts.bar.setAttribute("aria-valuenow", shown.decided);
    parts.bar.setAttribute("aria-valuetext", said[0]);
    parts.bar.firstChild.style.width = `${(100 * shown.decided) / shown.total}%`;
    Object.assign(this.root.dataset, {
      place: shown.place, total: shown.total, decided: shown.decided, skipped: shown.skipped, seq: shown.seq,
      answerId: shown.row?.answer_id ?? "", state: shown.row ? shown.row.state : "finished",
    });
  }

  renderRow() {
    const { parts, shown, words, draft } = this;
    const { row } = draft;
    parts.body.hidden = false;
    parts.finished.hidden = true;
    parts.position.textContent = words("position", { n: shown.place + 1, total: shown.total });
    parts.wording.textContent = this.wording;
    const states = { decided: "state_decided", skipped: "state_skipped" };
    const label = (category) => this.labels[category]?.label ?? category;
    const state = row.draft ? words("state_draft") : states[row.state] ? words(states[row.state]) : "";
    parts.state.textContent = row.whole?.length ? words("state_whole", { categories: row.whole.map(label).join(", ") }) : state;
    parts.state.hidden = !parts.state.textContent;
    parts.mode.textContent = row.blind ? words("blind") : "";
    parts.mode.hidden = !row.blind;
    parts.note.value = draft.note;
    parts.answer.dataset.long = row.text.length > 700 ? "very" : row.text.length > 280 ? "some" : "no";
    this.renderWhy(row);
    const background = row.background.filter(([, value]) => value !== "");
    parts.background.replaceChildren(...(background.length
      ? [make("h3", {}, words("background")), make("dl", {}, ...background.map(([name, value]) => make("div", {}, make("dt", {}, bdi(name)), make("dd", { dir: "auto" }, value))))]
      : []));
    parts.categories.replaceChildren(...this.categories.map((category) => {
      const { id, key } = category;
      return make("button", {
        type: "button", "data-testid": `category-${id}`, "data-category": id, "aria-keyshortcuts": key || null,
        onclick: () => this.give(id), onfocus: () => this.look(id), onpointerenter: () => this.look(id), onpointerleave: () => this.look(null), onblur: () => this.look(null),
      }, key ? kbd(key.toUpperCase()) : null, make("span", {}, category.label));
    }));
    this.renderDraft();
  }

  renderWhy(row) {
    const { parts, words } = this;
    parts.why.hidden = !row.reasons.length;
    parts.why.replaceChildren(make("h3", {}, words("why")), make("ul", {}, ...row.reasons.map(({ statement, text, says }) =>
      make("li", {}, statement ? make("b", {}, `${words("statement_n", { n: statement })}: `) : null, text, says && says !== text ? make("span", { class: "s-hint" }, ` ${says}`) : null))));
  }

  renderDraft() {
    const { parts, words, draft } = this;
    const { statements, focus, noCause, row } = draft;
    fillAnswer(parts.answer, draft);
    parts.answer.setAttribute("aria-label", `${words("answer")}: ${row.text}`);
    const listed = parts.statements.contains(document.activeElement);
    fillStatements(parts.statements, draft, words, this.labels, (index) => this.focusStatement(index));
    if (listed) this.focusAnswer(); // the button is gone; what is done to a statement is done from the answer
    for (const button of parts.categories.children) {
      const { category } = button.dataset;
      const on = category === "no_cause" ? noCause : focus >= 0 && statements[focus].category === category;
      button.setAttribute("aria-pressed", String(on));
      button.classList.toggle("s-used", statements.some((statement) => statement.category === category));
    }
    for (const name of PER_STATEMENT) parts[`command-${name}`].setAttribute("aria-disabled", String(focus < 0));
    for (const name of ["earlier", "later"]) parts[`command-${name}`].setAttribute("aria-disabled", String(!statements.length));
    parts["command-flag"].setAttribute("aria-pressed", String(draft.flagged));
    parts["command-comment"].classList.toggle("s-used", draft.note !== "");
    this.root.dataset.changed = String(this.changed);
    this.renderAbout();
  }

  /** Show the category that is looked at, else that of the statement in focus, and ask for its examples. */
  renderAbout() {
    const { draft, parts, words } = this;
    const { statements, focus, caret, anchor, row } = draft;
    const id = this.looked ?? (focus >= 0 ? statements[focus].category : null);
    const category = id ? this.labels[id] : null;
    let stretch = focus >= 0 ? statements[focus] : { start: Math.min(caret, anchor), end: Math.max(caret, anchor) };
    if (stretch.start === stretch.end) stretch = { start: 0, end: row.text.length };
    const text = row.text.slice(stretch.start, stretch.end);
    const key = `${row.answer_id}\n${id}\n${text}`;
    fillAbout(parts.about, category, this.borders, this.examples.get(key), words);
    clearTimeout(this.asking);
    if (!category || this.examples.has(key) || [...this.asked.values()].includes(key)) return;
    this.asking = setTimeout(() => {
      this.asked.set(this.ask({ do: "about", category: id, text }, false), key);
    }, 150);
  }

  look(id) {
    if (!this.draft || this.looked === id) return;
    this.looked = id;
    this.renderAbout();
  }

  renderFinished() {
    const { parts, shown, words } = this;
    parts.body.hidden = true;
    parts.mode.hidden = true;
    parts.finished.hidden = false;
    const skipped = shown.skipped
      ? make("button", { type: "button", "data-testid": "go-skipped", onclick: () => this.ask({ do: "skipped" }) }, words("finished_skipped")) : null;
    const back = make("button", { type: "button", "data-testid": "go-back", onclick: () => this.ask({ do: "go", place: shown.total - 1 }) }, words("finished_back"));
    parts.finished.replaceChildren(make("h2", {}, words("finished")), make("p", {}, words("progress", shown)), make("div", { class: "s-row" }, ...[skipped, back].filter(Boolean)));
    this.say(words("finished"));
  }

  /** Give what a screen reader says of the answer. */
  readOut() {
    const { words, shown, wording, draft } = this;
    const { row, statements } = draft;
    const said = [words("position", { n: shown.place + 1, total: shown.total }), wording, row.text];
    if (statements.length && !row.marks) said.push(words("said_suggestions", { n: statements.length }));
    for (const [i, statement] of statements.entries()) said.push(this.statementSaid(i, statement));
    said.push(...row.reasons.map((reason) => reason.text));
    return said.map((part) => (/[.!?]$/.test(part) ? part : `${part}.`)).join(" ");
  }

  statementSaid(index, { start, end, category }) {
    const { statements, row } = this.draft;
    const label = this.labels[category]?.label ?? category;
    return this.words("said_statement", { n: index + 1, total: statements.length, label, text: row.text.slice(start, end) });
  }

  sayStatement(index, statements) {
    this.say(this.statementSaid(index, statements[index]));
  }

  // ---- fields

  closeFields() {
    const { parts } = this;
    parts.finding.hidden = true;
    parts.found.hidden = true;
    parts.noting.hidden = true;
    parts.search.setAttribute("aria-expanded", "false");
    parts.search.removeAttribute("aria-activedescendant");
    parts["command-comment"].setAttribute("aria-expanded", "false");
    this.looked = null;
  }

  openField(field, box) {
    this.closeFields();
    box.hidden = false;
    field.focus();
  }

  /** List the categories whose label, id or definition holds what was typed; those whose label does stand first. */
  find() {
    const { parts, words } = this;
    const asked = folded(parts.search.value.trim());
    const holds = (text) => folded(text ?? "").includes(asked);
    const named = this.categories.filter(({ label, id }) => holds(label) || holds(id));
    this.matches = [...named, ...this.categories.filter((c) => !named.includes(c) && holds(c.definition))];
    parts.found.replaceChildren(...this.matches.map(({ id, label, key }, i) =>
      make("li", { role: "option", id: `${parts.found.id}-${i}`, "data-testid": `option-${id}`, onclick: () => { this.closeFields(); this.focusAnswer(); this.give(id); } },
        key ? kbd(key.toUpperCase()) : null, make("span", {}, label))));
    parts.found.hidden = !this.matches.length;
    parts.search.setAttribute("aria-expanded", String(this.matches.length > 0));
    this.say(this.matches.length ? words("search_found", { n: this.matches.length }) : words("search_none"));
    this.choose(0);
  }

  choose(index) {
    const { parts, matches } = this;
    if (!matches.length) { this.chosen = -1; this.look(null); return; }
    this.chosen = (index + matches.length) % matches.length;
    [...parts.found.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === this.chosen)));
    parts.search.setAttribute("aria-activedescendant", `${parts.found.id}-${this.chosen}`);
    parts.found.children[this.chosen].scrollIntoView({ block: "nearest" });
    this.look(matches[this.chosen].id);
  }

  toggleHelp(open = this.parts.helping.hidden) {
    const { parts } = this;
    parts.helping.hidden = !open;
    parts["command-help"].setAttribute("aria-expanded", String(open));
    if (open) parts.helping.focus(); else this.focusAnswer();
  }
}
