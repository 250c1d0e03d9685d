// Sorts a table by a column when its head is pressed: down, up, and back to the
// order in which it came. Rows without a value stay at the end.
(() => {
  "use strict";
  const sortBy = document.documentElement.lang === "en" ? "Sort by " : "排序：";
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true });

  // key is a number, a text, or null for an empty cell.
  function key(cell, numeric) {
    const raw = cell.dataset.sort ?? cell.textContent.trim();
    if (raw === "") return null;
    return numeric ? Number(raw) : raw;
  }

  function compare(a, b, numeric) {
    return numeric ? a - b : collator.compare(a, b);
  }

  function sort(table, column, direction, numeric, original) {
    const rows = original.map((row) => ({ row, key: key(row.cells[column], numeric) }));
    if (direction !== 0) {
      rows.sort((a, b) => {
        if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
        return direction * compare(a.key, b.key, numeric);
      });
    }
    table.tBodies[0].append(...rows.map((r) => r.row));
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    const original = [...table.tBodies[0].rows];
    if (original.length < 2) continue;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const label = head.querySelector(".label");
      if (!label) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      // A head that leads somewhere keeps its link, and the button stands beside it.
      if (label.dataset.name) button.setAttribute("aria-label", sortBy + label.dataset.name);
      else button.append(...label.childNodes);
      label.append(button);
      const numeric = head.dataset.sort === "number";
      button.addEventListener("click", () => {
        const first = numeric ? -1 : 1; // the largest number first, the first letter first
        const now = { descending: -1, ascending: 1 }[head.getAttribute("aria-sort")] ?? 0;
        const next = now === 0 ? first : now === first ? -first : 0;
        heads.forEach((h) => h.removeAttribute("aria-sort"));
        if (next !== 0) head.setAttribute("aria-sort", next > 0 ? "ascending" : "descending");
        sort(table, column, next, numeric, original);
      });
    });
  }
})();
