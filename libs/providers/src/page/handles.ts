import { parseUrl } from '@assay/contracts';
/** Facts hold at most 16 handles of a network, of at most 256 characters. */
const MOST_HANDLES = 16;
const LONGEST_HANDLE = 256;

interface Network {
  readonly name: string;
  /** Account in a path; group 1. */
  readonly path: RegExp;
  /** First path segments that are no accounts. */
  readonly reserved: ReadonlySet<string>;
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const TWITTER: Network = {
  name: 'twitter',
  path: /^\/@?(\w{1,30})\/?$/,
  reserved: words('intent share home search hashtag i login signup explore settings privacy tos about'),
};
const NETWORKS: ReadonlyMap<string, Network> = new Map([
  ['x.com', TWITTER],
  ['twitter.com', TWITTER],
  [
    'github.com',
    {
      name: 'github',
      path: /^\/([a-z0-9][a-z0-9-]{0,38})\/?$/i,
      reserved: words(
        'features pricing about login join topics explore marketplace sponsors enterprise site security orgs',
      ),
    },
  ],
  ['bsky.app', { name: 'bluesky', path: /^\/profile\/([a-z0-9.:-]{3,253})\/?$/i, reserved: words('') }],
  [
    'linkedin.com',
    { name: 'linkedin', path: /^\/((?:in|company|school)\/[^/]{1,100})\/?$/, reserved: words('') },
  ],
  [
    'facebook.com',
    {
      name: 'facebook',
      path: /^\/([a-z0-9.]{3,60})\/?$/i,
      reserved: words(
        'sharer.php share.php sharer share dialog login help policies privacy groups events watch',
      ),
    },
  ],
  [
    'instagram.com',
    { name: 'instagram', path: /^\/([\w.]{1,30})\/?$/, reserved: words('p explore accounts about reel') },
  ],
  [
    'youtube.com',
    {
      name: 'youtube',
      path: /^\/(@[\w.-]{3,30}|channel\/[\w-]{10,40}|c\/[^/]{1,100})\/?$/,
      reserved: words(''),
    },
  ],
]);

/** Accounts by network, in the order found. */
export class Handles {
  readonly #found = new Map<string, Set<string>>();

  /** A link to `host`, which the caller has taken out of `href`; cheap for the many that are no profiles. */
  addLink(href: string, host: string, isMe: boolean): void {
    const network = NETWORKS.get(host.replace(/^(?:www|m|mobile)\./, ''));
    if (!network && !isMe) return;
    const url = parseUrl(href);
    if (!url) return;
    const { pathname } = url;
    if (network) this.#addAccount(network, pathname);
    else this.#addMastodon(host, pathname);
  }

  /** `@name` of a twitter:site element. */
  addTwitter(content: string): void {
    const name = /^\s{0,16}@?(\w{1,30})\s{0,16}$/.exec(content)?.[1];
    if (name) this.#add('twitter', name);
  }

  /** `@name@instance` of a fediverse:creator element. */
  addFediverse(content: string): void {
    const [, name, instance] = /^\s{0,16}@?([\w.-]{1,64})@([a-z0-9.-]{3,180})\s{0,16}$/i.exec(content) ?? [];
    if (name && instance) this.#add('mastodon', `${name}@${instance.toLowerCase()}`);
  }

  toFact(): Record<string, string[]> | undefined {
    if (this.#found.size === 0) return undefined;
    return Object.fromEntries([...this.#found].map(([network, names]) => [network, [...names]]));
  }

  #addAccount(network: Network, pathname: string): void {
    const account = network.path.exec(pathname)?.[1];
    if (account && !network.reserved.has(account.toLowerCase())) this.#add(network.name, account);
  }

  /** Only a rel=me link tells that a foreign host is an instance. */
  #addMastodon(host: string, pathname: string): void {
    const name = /^\/@([\w.-]{1,64})\/?$/.exec(pathname)?.[1];
    if (name) this.#add('mastodon', `${name}@${host}`);
  }

  #add(network: string, handle: string): void {
    if (handle.length > LONGEST_HANDLE) return;
    const names = this.#found.get(network) ?? new Set<string>();
    if (names.size < MOST_HANDLES) names.add(handle);
    this.#found.set(network, names);
  }
}
