// Keys, the draft, and the talk with Python. Python is the truth: the next answer is shown when it says that
// the last one is on disk.

// Letters are the categories'. The browser's own Ctrl, Alt and function keys stay free.
const COMMANDS = {
  save: "Enter", skip: "7", flag: "8", comment: "9", undo: "0", back: "PageUp", forward: "PageDown", search: "/", read: "-",
  earlier: "ArrowUp", later: "ArrowDown", start_left: "1", start_right: "2", end_left: "3", end_right: "4",
  split: "5", join: "6", remove: "Delete", help: "?",
};
const BY_KEY = { ...Object.fromEntries(Object.entries(COMMANDS).map(([name, key]) => [key, name])), Backspace: "remove" };
const MOVES = { ArrowLeft: "word_left", ArrowRight: "word_right", Home: "home", End: "end", Comma: "left", Period: "right" };
const PATIENCE = 5000;

class Annotating extends Painting {
  constructor(model, el) {
    super();
    this.model = model;
    this.words = (name, given = {}) => (model.get("texts")[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => given[key] ?? "");
    const { root, parts } = buildPage(this.words, model.get("lang"), COMMANDS, (name) => this.command(name));
    Object.assign(this, { root, parts, drafts: new Map(), asked: new Map(), examples: new Map(), typed: [], pending: null, seq: -1 });
    el.append(root);
    fillHelp(parts.helping, this.words, COMMANDS, () => this.toggleHelp(false));
    parts.found.id = `s-found-${Math.random().toString(36).slice(2)}`;
    parts.search.setAttribute("aria-controls", parts.found.id);
    this.listen();
    this.dress();
    this.receive(model.get("shown"), false);
  }

  listen() {
    const { root, parts, model } = this;
    root.addEventListener("keydown", (event) => this.onKey(event));
    // what bubbles on would be the notebook's: VS Code takes letters, Notebook digits
    for (const kind of ["keydown", "keypress", "keyup"]) {
      root.addEventListener(kind, (event) => { if (!event.ctrlKey && !event.metaKey && !event.altKey && event.key !== "Tab") event.stopPropagation(); });
    }
    // JupyterLab hears keys before this does: saving (Ctrl+S) and its commands (Ctrl+Shift+C) are left to it, but
    // not what runs, moves or cuts the cell
    this.onAnyKey = ({ ctrlKey, metaKey, shiftKey, key }) => {
      const left = (ctrlKey || metaKey) && key.toLowerCase() === (shiftKey ? "c" : "s");
      for (const mark of SUPPRESSING) root.toggleAttribute(mark, !left);
    };
    window.addEventListener("keydown", this.onAnyKey, true);
    this.onUp = (event) => this.onPointer(event);
    document.addEventListener("mouseup", this.onUp);
    parts.answer.addEventListener("mousedown", () => { this.pointing = true; });
    root.addEventListener("copy", (event) => this.onCopy(event));
    root.addEventListener("click", (event) => { if (event.detail && event.target.closest("button") && !event.target.closest(".s-helping, .s-finished")) this.focusAnswer(); });
    parts.note.addEventListener("input", () => { if (this.draft) { this.draft.note = parts.note.value; this.keep(); } });
    parts.search.addEventListener("input", () => this.find());
    this.onReply = (content) => this.replied(content);
    this.onShown = () => { if (!this.pending) this.receive(model.get("shown"), false); };
    model.on("msg:custom", this.onReply);
    model.on("change:shown", this.onShown);
    this.watch = new MutationObserver(() => this.dress());
    this.watch.observe(document.body, { attributes: true });
    this.watch.observe(document.documentElement, { attributes: true });
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.onScheme = () => this.dress();
    this.scheme.addEventListener("change", this.onScheme);
  }

  close() {
    document.removeEventListener("mouseup", this.onUp);
    window.removeEventListener("keydown", this.onAnyKey, true);
    this.model.off("msg:custom", this.onReply);
    this.model.off("change:shown", this.onShown);
    this.scheme.removeEventListener("change", this.onScheme);
    this.watch.disconnect();
    clearTimeout(this.patience);
    this.root.remove();
  }

  dress() {
    this.root.dataset.theme = isDark(this.root) ? "dark" : "light";
  }

  focusAnswer() {
    (this.draft ? this.parts.answer : this.parts.finished).focus({ preventScroll: true });
  }

  say(message) {
    const { status } = this.parts;
    // the same words twice are announced only where something differs
    status.textContent = status.textContent === message ? `${message}\u00a0` : message;
  }

  // ---- what Python says

  receive(shown, announce) {
    if (shown.seq <= this.seq) return;
    this.seq = shown.seq;
    const was = this.shown;
    this.shown = shown;
    const same = was && was.row && shown.row && was.place === shown.place && was.row.state === shown.row.state && was.row.answer_id === shown.row.answer_id;
    if (!same || announce) this.open(shown, announce);
    this.renderProgress();
  }

  open(shown, announce) {
    const { row, place } = shown;
    if (!row) {
      this.draft = null;
      this.renderFinished();
      return;
    }
    const { wording, categories, borders } = this.model.get("scheme")[row.question];
    this.labels = Object.fromEntries(categories.map((category) => [category.id, category]));
    this.letters = Object.fromEntries(categories.filter(({ key }) => key).map(({ id, key }) => [key, id]));
    Object.assign(this, { categories, borders, wording, starts: pointStarts(row.text), spots: wordsOf(row.text), stops: stopsOf(row.text) });
    const fresh = this.freshDraft(row);
    const kept = this.drafts.get(place);
    this.baseline = essence(fresh);
    this.draft = kept && kept.row.state === row.state && !row.draft ? { ...kept, row } : fresh;
    this.looked = null;
    this.closeFields();
    this.renderRow();
    if (announce && this.root.contains(document.activeElement)) this.parts.answer.scrollIntoView({ block: "nearest" });
    if (announce) this.say(`${announce === true ? "" : announce} ${this.readOut()}`.trim());
  }

  freshDraft(row) {
    const given = row.marks ?? (row.state === "decided" ? [] : row.suggested);
    const statements = given.map((mark) => ({ ...mark, start: toUnit(this.starts, mark.start), end: toUnit(this.starts, mark.end) }));
    const about = row.reasons.find((reason) => reason.statement && reason.statement <= statements.length);
    const focus = statements.length ? (about && !row.marks ? about.statement - 1 : 0) : -1;
    const caret = focus < 0 ? 0 : statements[focus].start;
    const noCause = row.marks !== null && !row.marks.length && !(row.whole && row.whole.length);
    return { row, statements, focus, caret, anchor: caret, noCause, note: row.note, flagged: row.flagged, steps: [] };
  }

  keep() {
    this.drafts.set(this.shown.place, this.draft);
  }

  get changed() {
    return essence(this.draft) !== this.baseline;
  }

  // ---- what is asked of Python

  ask(what, locked = true) {
    const message = { id: Math.random().toString(36).slice(2), place: this.shown.place, ...what };
    if (locked) {
      this.pending = message;
      this.root.dataset.waiting = "true";
    }
    this.post(message);
    return message.id;
  }

  post(message) {
    try {
      this.model.send(message);
    } catch {
      if (this.pending === message) this.lose();
      return;
    }
    if (this.pending !== message) return;
    clearTimeout(this.patience);
    this.patience = setTimeout(() => this.lose(), PATIENCE);
  }

  lose() {
    this.lost = true;
    this.typed = [];
    clearTimeout(this.patience);
    const { warning } = this.parts;
    warning.replaceChildren(make("p", {}, this.words("lost")),
      make("button", { type: "button", "data-testid": "retry", onclick: () => this.retry() }, kbd(this.words("key_enter")), make("span", {}, this.words("retry"))));
    this.warn();
  }

  warn() {
    const { warning } = this.parts;
    warning.hidden = false;
    warning.scrollIntoView({ block: "nearest" }); // it stands above the answer, which may fill the screen
  }

  retry() {
    this.parts.warning.hidden = true;
    this.lost = false;
    this.focusAnswer();
    this.post(this.pending);
  }

  replied(reply) {
    if (this.asked.has(reply.re)) {
      const key = this.asked.get(reply.re);
      this.asked.delete(reply.re);
      if (reply.ok) this.examples.set(key, reply.examples);
      if (this.draft) this.renderAbout();
      return;
    }
    if (!this.pending || (reply.re && reply.re !== this.pending.id)) return;
    const { do: did, place } = this.pending;
    clearTimeout(this.patience);
    this.pending = null;
    this.lost = false;
    delete this.root.dataset.waiting;
    const { warning } = this.parts;
    warning.hidden = reply.ok;
    if (!reply.ok) {
      this.typed = [];
      warning.replaceChildren(make("p", {}, this.words("not_saved", { error: reply.error })));
      this.warn();
      return;
    }
    const held = this.root.contains(document.activeElement);
    if (did === "decide" || did === "skip") this.drafts.delete(place);
    if (did === "undo") this.drafts.delete(reply.shown.place);
    const told = { decided: "said_saved", unchanged: "said_unchanged", skipped: "said_skipped", undone: "said_undone", nothing_to_undo: "said_nothing_to_undo" }[reply.did];
    if (reply.did === "nothing_to_undo") { this.seq = reply.shown.seq; this.shown = reply.shown; this.say(this.words(told)); }
    else this.receive(reply.shown, told ? this.words(told) : true);
    const { activeElement } = document;
    if (held && (!this.draft || !this.root.contains(activeElement) || activeElement.closest("[hidden]"))) this.focusAnswer();
    // what was typed while Python was writing was meant for what is shown now
    const typed = this.typed;
    this.typed = [];
    for (const event of typed) this.onKey(event);
  }

  // ---- keys and pointer

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.key === "Tab") return;
    const { target, key } = event;
    if (target.matches?.("input")) { this.onFieldKey(event); return; }
    const onButton = target.closest?.("button, summary");
    if (onButton && (key === "Enter" || key === " ")) return;
    const move = MOVES[event.code] ?? MOVES[key];
    const name = BY_KEY[key];
    if (!name && !move && key !== "Escape" && !(key.length === 1 && key !== " ")) return;
    event.preventDefault?.();
    if (this.lost) { if (key === "Enter") this.retry(); return; }
    if (this.pending) {
      this.typed.push({ key, code: event.code, shiftKey: event.shiftKey, target: this.parts.answer });
      return;
    }
    if (key === "Escape") this.escape();
    else if (name) this.command(name);
    else if (!this.draft) return;
    else if (move) this.moveCaret(move, event.shiftKey);
    else this.letter(key);
  }

  letter(key) {
    const id = this.letters[key] ?? this.letters[key.toLowerCase()];
    if (id) this.give(id);
    else this.say(this.words("said_no_key", { key: key.toUpperCase() }));
  }

  onFieldKey(event) {
    const { key } = event;
    const searching = event.target === this.parts.search;
    if (key === "Escape" || (key === "Enter" && !searching)) {
      event.preventDefault();
      this.closeFields();
      this.focusAnswer();
    } else if (searching && (key === "ArrowDown" || key === "ArrowUp")) {
      event.preventDefault();
      this.choose(this.chosen + (key === "ArrowDown" ? 1 : -1));
    } else if (searching && key === "Enter") {
      event.preventDefault();
      const id = this.matches[this.chosen]?.id;
      this.closeFields();
      this.focusAnswer();
      if (id) this.give(id);
    }
  }

  onPointer() {
    if (!this.pointing || !this.draft) return;
    this.pointing = false;
    const selection = getSelection();
    if (!selection.rangeCount || this.pending) return;
    const { answer } = this.parts;
    const place = (node, offset) => {
      if (!answer.contains(node)) return answer.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING ? 0 : this.draft.row.text.length;
      const range = document.createRange();
      range.setStart(answer, 0);
      range.setEnd(node, offset);
      return range.toString().length;
    };
    const snap = (unit) => (this.stops.includes(unit) ? unit : before(this.stops, unit));
    let anchor = snap(place(selection.anchorNode, selection.anchorOffset));
    let caret = snap(place(selection.focusNode, selection.focusOffset));
    selection.removeAllRanges();
    const { start, end } = trimmed(this.draft.row.text, Math.min(anchor, caret), Math.max(anchor, caret));
    if (start < end) [anchor, caret] = anchor < caret ? [start, end] : [end, start];
    this.setCaret(caret, start < end ? anchor : caret);
  }

  onCopy(event) {
    if (!this.draft || this.draft.caret === this.draft.anchor || event.target.matches?.("input")) return;
    const { caret, anchor, row } = this.draft;
    event.clipboardData.setData("text/plain", row.text.slice(Math.min(caret, anchor), Math.max(caret, anchor)));
    event.preventDefault();
  }

  moveCaret(move, extend) {
    const { caret, anchor, row, focus } = this.draft;
    const end = row.text.length;
    const to = {
      word_left: () => before(this.spots.map((word) => word.start), caret), word_right: () => after(this.spots.map((word) => word.end), caret, end),
      left: () => before(this.stops, caret), right: () => after(this.stops, caret, end), home: () => 0, end: () => end,
    }[move]();
    const low = Math.min(caret, to), high = Math.max(caret, to);
    this.setCaret(to, extend ? anchor : to);
    if (!extend) {
      const { focus: now, statements } = this.draft;
      if (now >= 0 && now !== focus) this.sayStatement(now, statements);
      else this.say(row.text.slice(low, high).trim());
    }
  }

  setCaret(caret, anchor) {
    const { statements, row } = this.draft;
    const selecting = caret !== anchor;
    const focus = selecting ? -1 : statements.findIndex((s) => s.start <= caret && caret <= s.end);
    Object.assign(this.draft, { caret, anchor, focus });
    this.looked = null;
    this.keep();
    this.renderDraft();
    if (selecting) this.say(this.words("said_selected", { text: row.text.slice(Math.min(caret, anchor), Math.max(caret, anchor)) }));
  }

  escape() {
    if (!this.parts.helping.hidden) this.toggleHelp(false);
    else if (this.draft) { this.closeFields(); this.setCaret(this.draft.caret, this.draft.caret); this.draft.focus = -1; this.renderDraft(); }
  }
}

export default {
  render({ model, el }) {
    const annotating = new Annotating(model, el);
    return () => annotating.close();
  },
};
