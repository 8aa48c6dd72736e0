// What the commands do to the draft; each is given the widget.

const NEEDS_FOCUS = new Set(PER_STATEMENT);

/** Take up a new list of statements as a step that can be undone, with the focus on one of them. */
function change(widget, statements, focus, more = {}) {
  const { draft } = widget;
  const { steps, ...old } = draft;
  const caret = focus >= 0 ? statements[focus].end : draft.caret;
  const whole = { ...draft, noCause: false, ...more };
  widget.draft = { ...whole, statements, focus, caret, anchor: caret, steps: [...steps, old] };
  widget.looked = null;
  widget.keep();
  widget.renderDraft();
}

function moveBorder(widget, side, step) {
  const { statements, focus, row } = widget.draft;
  const moved = borderMoved(statements, row.text, focus, side, step);
  if (!moved) { widget.say(widget.words("said_no_room")); return; }
  change(widget, moved, focus);
  widget.sayStatement(focus, moved);
}

function toStatement(widget, step) {
  const { statements, focus, caret } = widget.draft;
  if (!statements.length) { widget.say(widget.words("none_marked")); return; }
  const last = statements.length - 1;
  let next = focus + step;
  if (focus < 0) {
    const after = statements.findIndex((statement) => statement.end > caret);
    next = step > 0 ? (after < 0 ? last : after) : (after < 0 ? last : Math.max(after - 1, 0));
  }
  widget.focusStatement(Math.min(Math.max(next, 0), last));
}

const ACTS = {
  save(widget) {
    const { statements, noCause, note, flagged, row } = widget.draft;
    if (!statements.length && !noCause && (widget.changed || row.state !== "decided")) {
      const key = (widget.labels.no_cause?.key ?? "").toUpperCase();
      widget.say(widget.words("said_nothing_marked", { key }));
      return;
    }
    if (row.whole?.length && !widget.changed) { widget.ask({ do: "go", place: widget.shown.place + 1 }); return; }
    const marked = statements.map(({ start, end, category }) => ({ start: toPoint(widget.starts, start), end: toPoint(widget.starts, end), category }));
    widget.ask({ do: "decide", statements: marked, note, flagged });
  },
  skip: (widget) => widget.ask({ do: "skip", note: widget.draft.note, flagged: widget.draft.flagged }),
  flag(widget) {
    const { flagged } = widget.draft;
    widget.draft = { ...widget.draft, flagged: !flagged };
    widget.keep();
    widget.renderDraft();
    widget.say(widget.words(flagged ? "said_unflagged" : "said_flagged"));
  },
  comment(widget) {
    widget.openField(widget.parts.note, widget.parts.noting);
    widget.parts["command-comment"].setAttribute("aria-expanded", "true");
  },
  search(widget) {
    widget.parts.search.value = "";
    widget.openField(widget.parts.search, widget.parts.finding);
    widget.find();
  },
  undo(widget) {
    const { steps } = widget.draft ?? { steps: [] };
    if (!steps.length) { widget.ask({ do: "undo" }); return; }
    const { note, flagged } = widget.draft;
    widget.draft = { ...steps[steps.length - 1], note, flagged, steps: steps.slice(0, -1) };
    widget.keep();
    widget.renderDraft();
    widget.say(`${widget.words("said_change_undone")} ${widget.draft.focus >= 0 ? widget.statementSaid(widget.draft.focus, widget.draft.statements[widget.draft.focus]) : ""}`.trim());
  },
  back(widget) {
    const { place, total } = widget.shown;
    if (place === 0) widget.say(widget.words("said_first"));
    else widget.ask({ do: "go", place: Math.min(place, total) - 1 });
  },
  forward(widget) {
    const { place, total } = widget.shown;
    if (place + 1 >= total) widget.say(widget.words("said_last"));
    else widget.ask({ do: "go", place: place + 1 });
  },
  read: (widget) => widget.say(widget.readOut()),
  help: (widget) => widget.toggleHelp(),
  earlier: (widget) => toStatement(widget, -1),
  later: (widget) => toStatement(widget, 1),
  start_left: (widget) => moveBorder(widget, "start", -1),
  start_right: (widget) => moveBorder(widget, "start", 1),
  end_left: (widget) => moveBorder(widget, "end", -1),
  end_right: (widget) => moveBorder(widget, "end", 1),
  split(widget) {
    const { statements, focus, row, caret } = widget.draft;
    const parts = split(statements, row.text, focus, caret);
    if (!parts) { widget.say(widget.words("said_no_split")); return; }
    change(widget, parts, focus + 1);
    widget.say(`${widget.words("said_split")} ${widget.statementSaid(focus + 1, parts[focus + 1])}`);
  },
  join(widget) {
    const { statements, focus, row } = widget.draft;
    if (focus + 1 >= statements.length) { widget.say(widget.words("said_no_join")); return; }
    const parts = joined(statements, focus);
    change(widget, parts, focus);
    widget.say(widget.words("said_joined", { text: row.text.slice(parts[focus].start, parts[focus].end) }));
  },
  remove(widget) {
    const { statements, focus } = widget.draft;
    const left = without(statements, focus);
    change(widget, left, Math.min(focus, left.length - 1));
    widget.say(widget.words("said_removed"));
  },
};

const ALWAYS = new Set(["help", "undo", "back"]);

Object.assign(Painting.prototype, {
  /** Do what a button or its key asks for. */
  command(name) {
    if (this.pending || (!this.draft && !ALWAYS.has(name))) return;
    if (NEEDS_FOCUS.has(name) && this.draft.focus < 0) { this.say(this.words("said_no_focus")); return; }
    ACTS[name](this);
  },

  /** Give a category: to what is selected, else to the statement in focus, else to the sentence at the caret. */
  give(id) {
    if (!this.draft || this.pending) return;
    const { statements, focus, caret, anchor, row, noCause } = this.draft;
    const { label } = this.labels[id];
    if (id === "no_cause") {
      if (noCause) ACTS.undo(this);
      else { change(this, [], -1, { noCause: true }); this.say(this.words("no_cause_chosen")); }
      return;
    }
    const selected = caret !== anchor;
    if (!selected && focus >= 0) {
      change(this, recategorised(statements, focus, id), focus);
    } else {
      const stretch = selected ? trimmed(row.text, Math.min(caret, anchor), Math.max(caret, anchor)) : sentenceAt(row.text, caret, statements);
      if (stretch.start >= stretch.end) { this.say(this.words("said_nothing_here")); return; }
      const marked = withStatement(statements, row.text, stretch.start, stretch.end, id);
      change(this, marked, marked.findIndex(({ start }) => start === stretch.start));
    }
    const { start, end } = this.draft.statements[this.draft.focus];
    this.say(this.words("said_marked", { label, text: row.text.slice(start, end) }));
  },

  focusStatement(index) {
    const { statements } = this.draft;
    const caret = statements[index].start;
    Object.assign(this.draft, { focus: index, caret, anchor: caret });
    this.looked = null;
    this.keep();
    this.renderDraft();
    this.sayStatement(index, statements);
  },
});
