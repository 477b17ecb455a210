import { parseUrl } from '@assay/contracts';
import { registrableDomain } from '../registrable-domain.js';

export interface Link {
  readonly href: string;
  /** Lower-case tokens of `rel`. */
  readonly rel: ReadonlySet<string>;
}

/** Host of an absolute http address without user, escapes or non-ASCII in it: what most addresses are. */
const PLAIN_HOST = /^\s{0,64}https?:\/\/([a-z0-9.-]{1,253})(?=[:/?#]|$)/i;
const SCHEME = /^\s{0,64}([a-z][a-z0-9+.-]{0,63}):/i;

/**
 * Counts links by where they lead. An address is taken apart only as far as that needs: relative ones are the
 * site's own, and plain absolute ones name their host at a fixed place.
 */
export class LinkCount {
  internal = 0;
  external = 0;
  nofollow = 0;
  hasEmail = false;
  hasPhone = false;
  readonly domains = new Set<string>();
  readonly #own: string;
  readonly #domainOf = new Map<string, string>();
  #base: string;

  constructor(finalUrl: URL) {
    this.#base = finalUrl.href;
    this.#own = registrableDomain(finalUrl.hostname);
  }

  /** `<base href>`: the first one holds. */
  set base(href: string) {
    this.#base = parseUrl(href, this.#base)?.href ?? this.#base;
  }

  get base(): string {
    return this.#base;
  }

  /** @returns the host a web link leads to; undefined for what is no link to another document. */
  add(link: Link): string | undefined {
    const host = this.#hostOf(link.href);
    if (host === undefined) return undefined;
    if (link.rel.has('nofollow')) this.nofollow++;
    const domain = this.#domain(host);
    if (domain === this.#own) this.internal++;
    else {
      this.external++;
      this.domains.add(domain);
    }
    return host;
  }

  #hostOf(href: string): string | undefined {
    const plain = PLAIN_HOST.exec(href);
    if (plain) return (plain[1] as string).toLowerCase();
    const scheme = SCHEME.exec(href)?.[1]?.toLowerCase();
    if (scheme === 'mailto') this.hasEmail = true;
    if (scheme === 'tel') this.hasPhone = true;
    if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return undefined;
    const first = href.trimStart();
    if (first === '' || first.startsWith('#')) return undefined;
    return parseUrl(href, this.#base)?.hostname;
  }

  #domain(host: string): string {
    const known = this.#domainOf.get(host);
    if (known !== undefined) return known;
    const domain = registrableDomain(host);
    this.#domainOf.set(host, domain);
    return domain;
  }
}
