// The page: what there is to see, made once, and filled anew after every change. Text is only ever text.

/** Make an element; `on…` are listeners, what else there is are attributes. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// JupyterLab looks for the first, older versions for the second: no shortcut of its own in here
const SUPPRESSING = ["data-lm-suppress-shortcuts", "data-p-suppress-shortcuts"];

const kbd = (key) => make("kbd", { "aria-hidden": "true" }, key);
const bdi = (text) => make("bdi", {}, text);

/** Make the button of a command, its key written on it. */
function commandButton(name, key, words, act, attributes = {}) {
  const shown = { Enter: "key_enter", Delete: "key_delete", PageUp: "key_pageup", PageDown: "key_pagedown" };
  const arrows = { ArrowUp: "↑", ArrowDown: "↓" };
  const cap = arrows[key] ?? (shown[key] ? words(shown[key]) : key);
  const button = make(
    "button",
    { type: "button", "data-testid": `command-${name}`, "aria-keyshortcuts": key, onclick: () => act(name), ...attributes },
    kbd(cap), make("span", {}, words(name)),
  );
  return button;
}

/** Build the widget's elements; gives those that are filled later, by name. */
function buildPage(words, lang, commands, act) {
  const parts = {};
  const part = (name, tag, attributes = {}, ...children) =>
    (parts[name] = make(tag, { "data-testid": name, class: `s-${name}`, ...attributes }, ...children));
  const button = (name, attributes = {}) => (parts[`command-${name}`] = commandButton(name, commands[name], words, act, attributes));
  const titled = (level, name) => make(level, {}, words(name));

  const head = make("header", { class: "s-head" },
    part("bar", "div", { role: "progressbar", "aria-label": words("categories"), "aria-valuemin": 0 }, make("span")),
    part("progress", "p"), part("mode", "p", { class: "s-tag" }), button("help", { "aria-expanded": "false" }));

  const answer = make("div", { class: "s-main" },
    make("div", { class: "s-ask" }, part("position", "p"), part("wording", "h2"), part("state", "p", { class: "s-tag" })),
    part("answer", "div", { tabindex: 0, role: "application", dir: "auto" }),
    part("why", "div", { role: "group", "aria-label": words("why") }),
    make("div", { class: "s-said", role: "group", "aria-label": words("statements") },
      part("statements", "ol"),
      part("editing", "div", { role: "toolbar", "aria-label": words("editing") },
        ...["earlier", "later", "start_left", "start_right", "end_left", "end_right", "split", "join", "remove"].map((n) => button(n)))),
    part("categories", "div", { role: "group", "aria-label": words("categories") }),
    part("finding", "div", {}),
    part("commands", "div", { role: "toolbar", "aria-label": words("commands") },
      button("save", { class: "s-first" }), button("skip"), button("flag", { "aria-pressed": "false" }), button("comment", { "aria-expanded": "false" }),
      button("search"), button("undo"), button("back"), button("forward"), button("read")),
    part("noting", "div", { hidden: true },
      make("label", {}, make("span", {}, words("comment")), part("note", "input", { type: "text", autocomplete: "off", maxlength: 1000 })),
      make("p", { class: "s-hint" }, words("comment_hint"))));

  parts.finding.append(
    make("label", {}, make("span", {}, words("search")),
      part("search", "input", {
        type: "text", role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "",
      })),
    part("found", "ul", { role: "listbox", "aria-label": words("categories"), hidden: true }));
  parts.finding.hidden = true;

  const aside = make("aside", { class: "s-beside", "aria-label": words("about") },
    part("about", "div", { role: "group", "aria-label": words("about") }), part("background", "div"));

  const done = part("finished", "div", { tabindex: -1, hidden: true });
  const body = part("body", "div", {}, answer, aside);
  const root = make("section", {
    class: "samorsak", lang, "aria-label": words("widget"), "data-testid": "samorsak",
    ...Object.fromEntries(SUPPRESSING.map((mark) => [mark, true])),
  }, head, part("helping", "div", { role: "region", "aria-label": words("help"), tabindex: -1, hidden: true }),
  part("warning", "div", { role: "alert", hidden: true }), body, done,
  part("status", "p", { role: "status", "aria-live": "polite" }));
  return { root, parts };
}

/** Show an answer with its marks, what is selected, and the caret. */
function fillAnswer(element, { row, statements, focus, caret, anchor }) {
  const { text } = row;
  const low = Math.min(caret, anchor), high = Math.max(caret, anchor);
  const cuts = new Set([0, text.length, low, high, ...statements.flatMap(({ start, end }) => [start, end])]);
  const places = [...cuts].sort((one, other) => one - other);
  const nodes = [];
  let mark = null, owner = -1;
  for (let i = 0; i < places.length; i += 1) {
    const start = places[i], end = places[i + 1];
    const inside = statements.findIndex((s) => s.start <= start && start < s.end);
    if (inside !== owner) { mark = null; owner = inside; }
    if (inside >= 0 && mark === null) {
      const { category, probability } = statements[inside];
      mark = make("mark", {
        "data-n": inside + 1, "data-category": category,
        class: [probability === undefined ? "" : "s-suggested", inside === focus ? "s-focus" : ""].join(" ").trim(),
      });
      nodes.push(mark);
    }
    const into = (node) => (inside >= 0 ? mark.append(node) : nodes.push(node));
    if (start === caret) into(make("span", { class: "s-caret", "aria-hidden": "true" }));
    if (end === undefined) break;
    const piece = document.createTextNode(text.slice(start, end));
    into(start >= low && end <= high ? make("span", { class: "s-selected" }, piece) : piece);
  }
  element.replaceChildren(...nodes);
}

/** List the statements: a button for each, which takes the focus to it. */
function fillStatements(list, { row, statements, focus, noCause }, words, labels, act) {
  const items = statements.map((statement, i) => {
    const { category, start, end, probability, next_category, next_probability } = statement;
    const sure = probability === undefined ? "" : `${words("suggested")} ${Math.round(100 * probability)} %`;
    const next = i === focus && next_category && probability !== undefined
      ? words("otherwise", { label: labels[next_category]?.label ?? next_category }) + ` ${Math.round(100 * next_probability)} %` : "";
    return make("li", {}, make("button", {
      type: "button", "data-testid": `statement-${i + 1}`, "aria-current": i === focus ? "true" : null, onclick: () => act(i),
    }, make("span", { class: "s-n" }, String(i + 1)),
    make("span", { class: "s-label" }, labels[category]?.label ?? category),
    make("q", { dir: "auto" }, row.text.slice(start, end)),
    make("span", { class: "s-sure" }, [sure, next].filter(Boolean).join(" · "))));
  });
  const empty = noCause ? "no_cause_chosen" : "none_marked";
  list.replaceChildren(...(items.length ? items : [make("li", { class: "s-none" }, words(empty))]));
}

/** Show a category: its definition, what it is not, its borders, and the nearest examples. */
function fillAbout(element, category, all, examples, words) {
  if (!category) {
    element.replaceChildren(make("p", { class: "s-hint" }, words("about_none")));
    return;
  }
  const shown = [make("h3", {}, category.key ? kbd(category.key.toUpperCase()) : null, category.label)];
  if (category.definition) shown.push(make("p", { "data-testid": "definition" }, category.definition));
  if (category.excludes) shown.push(make("p", { "data-testid": "excludes" }, make("b", {}, words("not")), " ", category.excludes));
  if (category.borders.length) {
    shown.push(make("h4", {}, words("borders")), make("ul", { "data-testid": "borders" }, ...category.borders.map((rule) => make("li", {}, rule))));
  }
  if (examples) {
    shown.push(make("h4", {}, words("examples")));
    shown.push(examples.length
      ? make("ul", { "data-testid": "examples", class: "s-examples" }, ...examples.map(({ before: left, stretch, after: right }) =>
        make("li", { dir: "auto" }, bdi(left.slice(-60)), make("mark", {}, stretch), bdi(right.slice(0, 60)))))
      : make("p", { class: "s-hint" }, words("no_examples")));
  }
  if (all.length) {
    const open = element.querySelector("details")?.open ?? false;
    shown.push(make("details", { open }, make("summary", {}, words("all_borders")), make("ul", {}, ...all.map((rule) => make("li", {}, rule)))));
  }
  element.replaceChildren(...shown);
}

/** Show the help panel: every key, and what it does. */
function fillHelp(element, words, commands, close) {
  const shift = words("key_shift");
  const rows = [
    [[words("help_letters")], words("help_letter")], [["N"], words("help_no_cause")],
    [["←", "→"], words("help_caret")], [[",", "."], words("help_char")],
    [[words("key_home"), words("key_end")], words("help_ends")], [[`${shift} + ←`, `${shift} + →`], words("help_select")],
    [[words("key_escape")], words("help_escape")], [["0"], words("help_undo")],
    ...Object.entries(commands).filter(([name]) => name !== "undo").map(([name, key]) => {
      const named = { Enter: "key_enter", Delete: "key_delete", PageUp: "key_pageup", PageDown: "key_pagedown" }[key];
      return [[{ ArrowUp: "↑", ArrowDown: "↓" }[key] ?? (named ? words(named) : key)], words(name)];
    }),
  ];
  element.replaceChildren(
    make("h3", {}, words("help")), make("p", {}, words("help_intro")),
    make("dl", {}, ...rows.map(([keys, said]) => make("div", {}, make("dt", {}, ...keys.map((key) => make("kbd", {}, key))), make("dd", {}, said)))),
    make("button", { type: "button", "data-testid": "help-close", onclick: close }, kbd(words("key_escape")), make("span", {}, words("close"))));
}

/** Say whether what is behind an element is dark; hosts do not agree on how they tell. */
function isDark(element) {
  for (let at = element.parentElement; at; at = at.parentElement) {
    const [red, green, blue, alpha = 1] = (getComputedStyle(at).backgroundColor.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
    if (alpha > 0.5) return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128;
  }
  const told = document.body.matches(".vscode-dark, [data-jp-theme-light='false']") || (document.body.matches(".vscode-high-contrast") && !document.body.matches(".vscode-high-contrast-light"));
  return told || matchMedia("(prefers-color-scheme: dark)").matches;
}
