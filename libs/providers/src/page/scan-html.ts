import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { mentionsAnalytics } from './analytics.js';
import { collapse, ELEMENTS, type ElementReader } from './elements.js';
import { PageScan } from './page-scan.js';

/** Within these a word may change its look; every other tag ends it. */
const INLINE = new Set(
  'abbr b bdi bdo cite code data dfn em font i kbd label mark q s samp small span strong sub sup time u var wbr ins del'.split(
    ' ',
  ),
);
/** Their text is not shown. */
const SILENT = new Set(['script', 'style', 'iframe', 'noembed', 'noframes', 'title', 'textarea']);

/**
 * Reads markup in one pass. It stands on the tokenizer, not on htmlparser2's parser: the parser keeps a stack of open
 * elements that it shifts and searches, which on 2 MiB of unclosed tags takes minutes. Counting needs no stack.
 */
export function scanHtml(html: string, finalUrl: URL, agent: string): PageScan {
  const scan = new PageScan(finalUrl, agent);
  const tokenizer = new Tokenizer({ xmlMode: false, decodeEntities: true }, new MarkupReader(html, scan));
  tokenizer.write(html);
  tokenizer.end();
  return scan;
}

class MarkupReader implements TokenizerCallbacks {
  #name = '';
  #reader: ElementReader | undefined;
  #attributes: Record<string, string | undefined> = {};
  #attribute: string | undefined;
  #value = '';
  #scriptType = '';
  /** The element whose text is coming that is not shown; empty: visible text. */
  #silent = '';
  #gathered = '';
  #svgDepth = 0;
  #templateDepth = 0;

  constructor(
    readonly html: string,
    readonly scan: PageScan,
  ) {}

  onopentagname(start: number, end: number): void {
    this.#name = this.html.slice(start, end).toLowerCase();
    this.#reader = this.#templateDepth === 0 ? ELEMENTS.get(this.#name) : undefined;
    if (this.#reader) this.#attributes = {};
    if (this.#name === 'svg') this.#svgDepth++;
    else if (this.#name === 'template') this.#templateDepth++;
    if (!INLINE.has(this.#name)) this.scan.text.break();
  }

  onattribname(start: number, end: number): void {
    this.#attribute = undefined;
    if (!this.#reader) return;
    const name = this.html.slice(start, end).toLowerCase();
    if (!this.#reader.wants.has(name) || this.#attributes[name] !== undefined) return;
    this.#attribute = name;
    this.#value = '';
  }

  onattribdata(start: number, end: number): void {
    if (this.#attribute !== undefined) this.#value += this.html.slice(start, end);
  }

  onattribentity(codepoint: number): void {
    if (this.#attribute !== undefined) this.#value += String.fromCodePoint(codepoint);
  }

  onattribend(): void {
    if (this.#attribute !== undefined) this.#attributes[this.#attribute] = this.#value;
    this.#attribute = undefined;
  }

  onopentagend(): void {
    this.#reader?.read(this.scan, this.#attributes);
    if (!SILENT.has(this.#name)) return;
    this.#silent = this.#name;
    this.#gathered = '';
    this.#scriptType = this.#reader ? (this.#attributes['type'] ?? '').trim().toLowerCase() : '';
  }

  onselfclosingtag(): void {
    this.onopentagend();
    if (this.#name === 'svg') this.#svgDepth--;
  }

  onclosetag(start: number, end: number): void {
    const name = this.html.slice(start, end).toLowerCase();
    if (name === this.#silent) this.#endSilent();
    else if (name === 'head') this.scan.headRead = true;
    else if (name === 'svg') this.#svgDepth = Math.max(0, this.#svgDepth - 1);
    else if (name === 'template') this.#templateDepth = Math.max(0, this.#templateDepth - 1);
    if (!INLINE.has(name)) this.scan.text.break();
  }

  ontext(start: number, end: number): void {
    if (this.#silent !== '') this.#gather(start, end);
    else if (this.#templateDepth === 0) this.scan.text.add(this.html, start, end);
  }

  ontextentity(codepoint: number): void {
    const text = String.fromCodePoint(codepoint);
    if (this.#silent === 'title') this.#gathered += text;
    else if (this.#silent === '' && this.#templateDepth === 0) this.scan.text.add(text, 0, text.length);
  }

  onend(): void {
    if (this.#silent !== '') this.#endSilent();
    this.scan.text.break();
  }

  oncdata(): void {}
  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}

  #gather(start: number, end: number): void {
    if (this.#silent === 'title') this.#gathered += this.html.slice(start, end);
    if (this.#silent !== 'script' || this.#templateDepth > 0) return;
    const text = this.html.slice(start, end);
    if (this.#scriptType === 'application/ld+json') this.#gathered += text;
    else if (!this.scan.hasAnalytics) this.scan.hasAnalytics = mentionsAnalytics(text);
  }

  /** The first title counts, and a title within a drawing names the drawing. */
  #endSilent(): void {
    const isTitle = this.#silent === 'title' && this.#svgDepth === 0 && this.#templateDepth === 0;
    if (isTitle && this.scan.title === undefined) {
      this.scan.title = collapse(this.#gathered);
    } else if (this.#silent === 'script' && this.#gathered !== '') this.scan.jsonLd.push(this.#gathered);
    this.#silent = '';
    this.#gathered = '';
  }
}
