import type { Cell, TenantTable } from "./tenant-table.ts";

/**
 * What the page does in the browser: sorts and filters the tenants, draws the rows that are seen, and takes what
 * changed from its successor. It is sent as its own text, so nothing outside of it may be used.
 */
export function runPage(): void {
  /** Rows that are drawn above and below those that are seen, so that scrolling shows no gaps. */
  const SPARE = 20;

  const find = <T extends Element>(selector: string, kind: new () => T): T => {
    const found = document.querySelector(selector);
    if (found instanceof kind) return found;
    throw new Error(`The page has no ${selector}`);
  };
  const filter = find("#filter", HTMLInputElement);
  const shown = find("#shown", HTMLOutputElement);
  const view = find("#rows", HTMLElement);
  const table = find("#rows table", HTMLTableElement);
  const body = find("#rows tbody", HTMLTableSectionElement);
  const heads = [...table.querySelectorAll("thead th")];
  const notice = find("#notice", HTMLElement);

  const orderOf = (cell: Cell | undefined): string | number =>
    typeof cell === "object" ? cell[0] : (cell ?? "");
  const textOf = (cell: Cell): string => (typeof cell === "object" ? cell[1] : cell);
  /** Without accents and capitals: people search for "jose" and mean José. */
  const plain = (text: string): string =>
    text
      .normalize("NFD")
      .replace(/\p{Mn}/gu, "")
      .toLowerCase();

  const written = (count: number): string => count.toLocaleString("en-US");

  let tenants: TenantTable;
  /** What is searched in, a text for each tenant. */
  let searched: string[];
  let rows: readonly (readonly Cell[])[] = [];
  let sorting = { column: 0, down: false };
  let printing = false;

  function readTenants(): void {
    tenants = JSON.parse(find("#tenants-data", HTMLScriptElement).text) as TenantTable;
    searched = tenants.rows.map((row) => plain(row.map(textOf).join("\n")));
  }

  function choose(): void {
    const words = plain(filter.value)
      .split(/\s+/)
      .filter((word) => word !== "");
    const { column, down } = sorting;
    const compare = new Intl.Collator(undefined, { numeric: true }).compare;
    rows = tenants.rows
      .filter((_, index) => words.every((word) => searched[index]?.includes(word)))
      .sort((one, other) => {
        const [a, b] = [orderOf(one[column]), orderOf(other[column])];
        const order =
          typeof a === "number" && typeof b === "number" ? a - b : compare(String(a), String(b));
        return down ? -order : order;
      });
    const all = tenants.rows.length;
    const some = rows.length < all ? `${written(rows.length)} of ` : "";
    shown.value = `${some}${written(all)} ${all === 1 ? "tenant" : "tenants"}`;
    for (const [index, head] of heads.entries()) {
      if (index === column) head.ariaSort = down ? "descending" : "ascending";
      else head.removeAttribute("aria-sort");
    }
    table.setAttribute("aria-rowcount", String(rows.length + 1));
    draw();
  }

  function rowAt(index: number): HTMLTableRowElement {
    const row = document.createElement("tr");
    row.setAttribute("aria-rowindex", String(index + 2));
    for (const [column, cell] of (rows[index] ?? []).entries()) {
      const box = document.createElement(column === 0 ? "th" : "td");
      if (column === 0) box.setAttribute("scope", "row");
      if (tenants.numbers[column]) box.className = "number";
      if (typeof cell === "object" && cell[2] === true) box.classList.add("concern");
      box.textContent = textOf(cell);
      box.title = textOf(cell);
      row.append(box);
    }
    return row;
  }

  /** Takes the place of rows that are not seen. */
  function gap(height: number): HTMLTableRowElement {
    const row = document.createElement("tr");
    row.ariaHidden = "true";
    row.style.height = `${height}px`;
    return row;
  }

  function draw(): void {
    if (body.rows.length === 0 && rows.length > 0) body.replaceChildren(rowAt(0));
    const height = heightOfRow();
    const first = printing ? 0 : Math.max(0, Math.floor(view.scrollTop / height) - SPARE);
    const last = printing
      ? rows.length
      : Math.min(rows.length, first + Math.ceil(view.clientHeight / height) + 2 * SPARE);
    const drawn = [];
    for (let index = first; index < last; index += 1) drawn.push(rowAt(index));
    body.replaceChildren(gap(first * height), ...drawn, gap((rows.length - last) * height));
  }

  function heightOfRow(): number {
    const measured = body.querySelector("tr:not([aria-hidden])")?.getBoundingClientRect().height;
    return measured === undefined || measured === 0 ? 36 : measured;
  }

  // Filter and order stand in the address, for a bookmark or a colleague.
  function remember(): void {
    const { column, down } = sorting;
    const state = new URLSearchParams({
      ...(filter.value !== "" && { filter: filter.value }),
      ...((column !== 0 || down) && { sort: String(column), ...(down && { down: "1" }) }),
    });
    history.replaceState(null, "", `#${state}`);
  }

  function recall(): void {
    const state = new URLSearchParams(location.hash.slice(1));
    filter.value = state.get("filter") ?? "";
    const column = Number(state.get("sort") ?? 0);
    if (column in heads) sorting = { column, down: state.get("down") === "1" };
  }

  /** Takes what changed from the page's successor; what the reader did to the page stays. */
  function renew(successor: Document): void {
    const next = (selector: string) => successor.querySelector(selector);
    const script = "body > script";
    const sameForm =
      next(script)?.textContent === document.querySelector(script)?.textContent &&
      next("thead")?.textContent === document.querySelector("thead")?.textContent;
    if (!sameForm) {
      location.reload();
      return;
    }
    const open = [...document.querySelectorAll("details[open]")].map(({ id }) => id);
    for (const part of document.querySelectorAll("[data-live]"))
      part.replaceChildren(...(next(`#${part.id}`)?.childNodes ?? []));
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    readTenants();
    choose();
  }

  async function refresh(): Promise<void> {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
      renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
      notice.textContent = "";
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      notice.textContent = `This is not renewed since then: ${reason}. It is tried again.`;
    }
  }

  readTenants();
  recall();
  choose();

  filter.addEventListener("input", () => {
    view.scrollTop = 0;
    choose();
    remember();
  });
  for (const [column, head] of heads.entries())
    head.querySelector("button")?.addEventListener("click", () => {
      // Of numbers people look for the largest.
      const down = sorting.column === column ? !sorting.down : (tenants.numbers[column] ?? false);
      sorting = { column, down };
      view.scrollTop = 0;
      choose();
      remember();
    });
  view.addEventListener("scroll", draw, { passive: true });
  addEventListener("resize", draw);
  addEventListener("hashchange", () => {
    if (!location.hash.includes("=")) return;
    recall();
    choose();
  });
  const print = (now: boolean) => () => {
    printing = now;
    draw();
  };
  addEventListener("beforeprint", print(true));
  addEventListener("afterprint", print(false));

  const seconds = Number(document.body.dataset.refresh);
  const again = async (): Promise<void> => {
    if (!document.hidden) await refresh();
    setTimeout(() => void again(), seconds * 1000);
  };
  if (seconds > 0) setTimeout(() => void again(), seconds * 1000);
}
