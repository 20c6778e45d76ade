import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonMarkup, markup } from "../../../src/report/page/markup.ts";

const unescape = (html: string): string =>
  html
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

test("what is put in stays text, and whole", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const { text: html } = markup`${text}`;
      expect(html).not.toMatch(/[<>"']/);
      expect(unescape(html)).toBe(text);
    }),
    { examples: [["<script>"], ["&lt;"], [`"'`]] },
  );
});

test("HTML is put in as it is, lists one after the other, nothing for undefined", () => {
  const parts = ["a", "<"].map((text) => markup`<i>${text}</i>`);
  expect(markup`<p title="${'"'}">${parts}${undefined}${3}</p>`.text).toBe(
    '<p title="&quot;"><i>a</i><i>&lt;</i>3</p>',
  );
});

test("JSON comes back, and no text of it ends its element", () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const { text } = jsonMarkup(json);
      expect(text).not.toContain("<");
      expect(JSON.parse(text)).toBe(json);
    }),
    { examples: [["</script><!--"]] },
  );
});
