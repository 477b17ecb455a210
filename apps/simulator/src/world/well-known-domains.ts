/** Domains everybody knows, those of the providers among them: never simulated as spam, young or dead. */
export const WELL_KNOWN_DOMAINS: ReadonlySet<string> = new Set(
  `
  wikipedia.org wikimedia.org mozilla.org debian.org python.org apache.org kernel.org gnu.org postgresql.org
  archive.org eff.org iso.org w3.org ietf.org openstreetmap.org nodejs.org typescriptlang.org
  google.com youtube.com github.com microsoft.com apple.com amazon.com reddit.com stackoverflow.com nytimes.com
  cnn.com linkedin.com cloudflare.com moz.com mdn.dev slashdot.org behance.net php.net sourceforge.net speedtest.net
  web.dev go.dev flutter.dev react.dev angular.dev pub.dev pkg.dev deno.land svelte.dev vite.dev fly.dev
  bbc.co.uk theguardian.co.uk ox.ac.uk cam.ac.uk nhs.uk
  spiegel.de heise.de zeit.de bund.de tagesschau.de lemonde.fr lefigaro.fr leboncoin.fr service-public.fr
  nos.nl nu.nl tudelft.nl uva.nl dn.se svt.se kth.se ikea.se admin.ch sbb.ch ethz.ch nzz.ch
  europa.eu euronews.eu repubblica.it corriere.it ansa.it elpais.es elmundo.es rtve.es
  allegro.pl onet.pl wp.pl  yahoo.co.jp nhk.or.jp rakuten.co.jp u-tokyo.ac.jp asahi.com
  globo.com uol.com.br  folha.com.br cbc.ca canada.ca utoronto.ca ubc.ca
  abc.net.au sydney.edu.au csiro.au mit.edu stanford.edu harvard.edu berkeley.edu cmu.edu
  nasa.gov nih.gov usa.gov noaa.gov census.gov loc.gov state.ny.us
  github.io crates.io socket.io docker.io kubernetes.io readthedocs.io readme.io itch.io
  cash.app notion.site archive.today t.me telegram.me about.me twitch.tv pluto.tv ted.com
  perplexity.ai claude.ai mistral.ai x.ai character.ai t.co g.co angel.co
  yle.fi hs.fi nrk.no vg.no dr.dk seznam.cz idnes.cz nic.at orf.at derstandard.at
  swagger.io bl.uk boe.es bahn.de unicode.org rfc-editor.org bun.sh bom.gov.au redis.io pypi.org www.gov.uk www.nhs.uk
  imdb.com theguardian.com npmjs.com letsencrypt.org ycombinator.com parliament.uk www.gov.br www.gov.pl
  dns.google googleapis.com abuse.ch phishtank.com virustotal.com tranco-list.eu ahrefs.com keywordseverywhere.com
  majestic.com dataforseo.com semrush.com mozilla.net thegreenwebfoundation.org algolia.com commoncrawl.org sharedcount.com
  sharethis.com facebook.com stackexchange.com bsky.app mastodon.social iana.org
  vrt.be rtbf.be rte.ie irishtimes.ie unesco.org who.int un.org example.com example.org example.net
  `
    .trim()
    .split(/\s+/),
);
