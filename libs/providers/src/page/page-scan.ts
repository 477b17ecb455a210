import { Handles } from './handles.js';
import { LinkCount } from './links.js';
import { VisibleText } from './visible-text.js';

/** Everything one pass over the markup gathers. */
export class PageScan {
  readonly text = new VisibleText();
  readonly links: LinkCount;
  readonly handles = new Handles();
  /** Name in lower case to count: h1, img, iframe, form. */
  readonly counts = new Map<string, number>();
  /** Contents of robots elements for everybody and for us. */
  readonly robots: string[] = [];
  readonly jsonLd: string[] = [];
  /** White space collapsed; undefined where the page has none. */
  title: string | undefined;
  description: string | undefined;
  author: string | undefined;
  /** As they stand: relative to `links.base`. */
  canonical: string | undefined;
  ogUrl: string | undefined;
  hreflangs = 0;
  metaRefreshes = 0;
  imagesWithoutAlt = 0;
  scripts = 0;
  passwordInputs = 0;
  hasFavicon = false;
  hasLinkedin = false;
  hasAnalytics = false;
  /** The head was read to its end: what it did not say, it does not say. */
  headRead = false;

  constructor(
    finalUrl: URL,
    /** Name under which a robots element may address us. */
    readonly agent: string,
  ) {
    this.links = new LinkCount(finalUrl);
  }

  count(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }
}
