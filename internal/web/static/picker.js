// Turns the region select into a box to type in: Chinese, English, pinyin,
// its initials or the code. Without this script the select works as it is.
(() => {
  "use strict";
  const form = document.querySelector(".picker-form");
  if (!form) return;
  const select = form.querySelector("select");
  const regions = [...select.options].filter((o) => o.value !== "").map((o) => ({
    code: o.value,
    name: o.textContent.trim(),
    keys: (o.dataset.keys + " " + o.value).toLowerCase().split(" "),
    hint: o.dataset.hint ?? "",
  }));

  const box = document.createElement("div");
  box.className = "picker";
  const input = document.createElement("input");
  input.type = "text";
  input.id = select.id;
  input.placeholder = select.dataset.placeholder;
  input.autocomplete = "off";
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", "picker-list");
  const list = document.createElement("ul");
  list.id = "picker-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", select.dataset.placeholder);
  list.hidden = true;
  const chosen = document.createElement("input");
  chosen.type = "hidden";
  chosen.name = select.name;
  box.append(input, list);
  select.replaceWith(box, chosen);

  let matches = [];
  let active = -1;

  // find puts names that begin with the text first, then those that hold it.
  function find(text) {
    const t = text.trim().toLowerCase();
    if (t === "") return regions;
    const begins = regions.filter((r) => r.name.toLowerCase().startsWith(t) || r.keys.some((k) => k.startsWith(t)));
    const holds = regions.filter((r) => !begins.includes(r) && r.name.toLowerCase().includes(t));
    return [...begins, ...holds];
  }

  function show() {
    matches = find(input.value).slice(0, 60);
    list.replaceChildren(...matches.map((r, i) => {
      const item = document.createElement("li");
      item.id = "picker-" + i;
      item.setAttribute("role", "option");
      const name = document.createElement("span");
      name.textContent = r.name;
      const hint = document.createElement("span");
      hint.className = "soft";
      hint.textContent = r.hint;
      item.append(name, hint);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); go(r); });
      return item;
    }));
    list.hidden = matches.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark(matches.length > 0 && input.value.trim() !== "" ? 0 : -1);
  }

  function mark(i) {
    active = i;
    [...list.children].forEach((item, j) => item.setAttribute("aria-selected", String(j === i)));
    if (i >= 0) {
      input.setAttribute("aria-activedescendant", "picker-" + i);
      list.children[i].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function hide() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
  }

  function go(region) {
    chosen.value = region.code;
    form.submit();
  }

  input.addEventListener("input", show);
  input.addEventListener("focus", show);
  input.addEventListener("blur", hide);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; // an input method is still at work
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) show();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (matches.length > 0) mark((active + step + matches.length) % matches.length);
    } else if (event.key === "Escape") hide();
    else if (event.key === "Enter" && active >= 0) { event.preventDefault(); go(matches[active]); }
  });
  // Enter on text that is in no list: the server looks for the nearest name.
  form.addEventListener("submit", () => { if (chosen.value === "") chosen.value = input.value; });
})();
