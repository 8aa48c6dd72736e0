// What is marked in an answer before it is saved. Each function gives a new list, sorted, without overlap.

const byStart = (one, other) => one.start - other.start;
const isMarked = (text, { start, end }) => text.slice(start, end).trim() !== "";

/** Mark a stretch; what was marked there before gives way. */
function withStatement(statements, text, start, end, category) {
  const rest = [];
  for (const old of statements) {
    if (old.end <= start || old.start >= end) { rest.push(old); continue; }
    const left = { ...old, ...trimmed(text, old.start, Math.max(old.start, start)) };
    const right = { ...old, ...trimmed(text, Math.min(old.end, end), old.end) };
    rest.push(...[left, right].filter((part) => part.start < part.end && isMarked(text, part)));
  }
  return [...rest, { start, end, category }].sort(byStart);
}

/** Cut a statement in two at a place inside it; null where one of the two would hold no word. */
function split(statements, text, index, at) {
  const whole = statements[index];
  const left = { ...whole, ...trimmed(text, whole.start, Math.max(at, whole.start), true) };
  const right = { ...whole, ...trimmed(text, Math.min(at, whole.end), whole.end, true) };
  const words = wordsOf(text);
  const worded = (part) => words.some((word) => word.start >= part.start && word.end <= part.end);
  if (!worded(left) || !worded(right)) return null;
  return [...statements.slice(0, index), left, right, ...statements.slice(index + 1)];
}

/** Make a statement and the one after it one, of the first one's category. */
function joined(statements, index) {
  const one = { ...statements[index], end: statements[index + 1].end };
  return [...statements.slice(0, index), one, ...statements.slice(index + 2)];
}

/** Move the start or end of a statement to the next word border; null where there is no room. */
function borderMoved(statements, text, index, side, step) {
  const { start, end } = statements[index];
  const words = wordsOf(text);
  const floor = index ? statements[index - 1].end : 0;
  const ceiling = index + 1 < statements.length ? statements[index + 1].start : text.length;
  let moved;
  if (side === "start") {
    const starts = words.map((word) => word.start);
    moved = step < 0 ? starts.filter((s) => s < start && s >= floor).pop() : starts.find((s) => s > start && s < end);
  } else {
    const ends = words.map((word) => word.end);
    moved = step < 0 ? ends.filter((e) => e < end && e > start).pop() : ends.find((e) => e > end && e <= ceiling);
  }
  if (moved === undefined) return null;
  return statements.map((statement, i) => (i === index ? { ...statement, [side]: moved } : statement));
}

const without = (statements, index) => statements.filter((_, i) => i !== index);

const recategorised = (statements, index, category) =>
  statements.map((statement, i) => (i === index ? { start: statement.start, end: statement.end, category } : statement));

/** Give what would be saved of a draft, to see whether anything has changed. */
const essence = ({ statements, noCause, note, flagged }) =>
  JSON.stringify([statements.map(({ start, end, category }) => [start, end, category]), noCause, note, flagged]);
