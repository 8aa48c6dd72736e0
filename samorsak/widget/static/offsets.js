// Offsets and words. Python counts code points, JavaScript UTF-16 units: in here all is units, and what goes
// out or comes in is converted once.

const WORD = /[\p{L}\p{N}\p{M}_]+(?:(?:[-’':]|(?<=\p{N})[.,](?=\p{N}))[\p{L}\p{N}\p{M}_]+)*|(?:[\p{S}\p{Cf}]\p{M}*)+/gu;
const SENTENCE_END = /[.!?;…]+(?=\s|$)|\n/g;
const BULLET = /^(?:[-–—•*·]|\d+[.)])\s+/;

/** Give the unit at which every code point begins, and the end. */
function pointStarts(text) {
  const starts = [0];
  for (const character of text) starts.push(starts[starts.length - 1] + character.length);
  return starts;
}

const toUnit = (starts, point) => starts[Math.min(Math.max(point, 0), starts.length - 1)];

/** Give the code point that a unit lies in. */
function toPoint(starts, unit) {
  let low = 0, high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= unit) low = middle; else high = middle - 1;
  }
  return low;
}

const wordsOf = (text) => [...text.matchAll(WORD)].map((m) => ({ start: m.index, end: m.index + m[0].length }));

/** Give where a caret may stand: not inside an emoji, nor between a letter and its accent. */
function stopsOf(text) {
  const stops = [];
  if (Intl.Segmenter) {
    for (const part of new Intl.Segmenter("sv", { granularity: "grapheme" }).segment(text)) stops.push(part.index);
  } else {
    stops.push(...pointStarts(text).slice(0, -1));
  }
  return [...stops, text.length];
}

const before = (places, unit) => places.filter((place) => place < unit).pop() ?? 0;
const after = (places, unit, end) => places.find((place) => place > unit) ?? end;

/** Take white space off both ends, and with `marks` what punctuation stands there, too. */
function trimmed(text, start, end, marks = false) {
  const blunt = marks ? /[\s.,;:!?…]/ : /\s/;
  while (end > start && blunt.test(text[end - 1])) end -= 1;
  while (start < end && (marks ? /[\s.,;:]/ : /\s/).test(text[start])) start += 1;
  const bullet = marks && BULLET.exec(text.slice(start, end));
  return bullet ? trimmed(text, start + bullet[0].length, end) : { start, end };
}

/** Give the sentence around a caret, as far as nothing in it is taken. */
function sentenceAt(text, caret, taken) {
  let start = 0, end = text.length;
  for (const found of text.matchAll(SENTENCE_END)) {
    const until = found.index + found[0].length;
    if (until <= caret && until < text.length) start = until;
    else { end = until; break; }
  }
  for (const statement of taken) {
    if (statement.end <= caret) start = Math.max(start, statement.end);
    else end = Math.min(end, Math.max(statement.start, start));
  }
  return trimmed(text, start, end, true);
}
