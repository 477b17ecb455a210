import 'reflect-metadata';
import {
  webcrypto,
  KeyObject,
  createPrivateKey,
  randomBytes,
  X509Certificate as NodeCertificate,
} from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 86_400_000;
const CA_DAYS = 365;
const LEAF_DAYS = 60;
/** Contexts kept. A busier run signs again: about a millisecond each. */
const KEPT_CONTEXTS = 2_000;

/** A certificate authority as PEM texts. */
export interface AuthorityPem {
  readonly certificate: string;
  readonly key: string;
}

export async function createAuthority(now: number): Promise<AuthorityPem> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=Assay simulator',
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + CA_DAYS * DAY),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: pemOf(keys.privateKey) };
}

/** Can this authority still be used? Not when it is unreadable, a mismatch, or ends within a day. */
export function isUsable(authority: AuthorityPem, now: number): boolean {
  try {
    const certificate = new NodeCertificate(authority.certificate);
    const matches = certificate.checkPrivateKey(createPrivateKey(authority.key));
    return matches && Date.parse(certificate.validTo) > now + DAY;
  } catch {
    return false;
  }
}

/** Signs a certificate for any host on demand. All of them share one key. */
export class Certificates {
  private readonly contexts = new Map<string, Promise<SecureContext>>();

  private constructor(
    private readonly issuer: string,
    private readonly signingKey: webcrypto.CryptoKey,
    private readonly foreignKey: webcrypto.CryptoKey,
    private readonly leafKey: webcrypto.CryptoKey,
    private readonly leafKeyPem: string,
    private readonly now: () => number,
  ) {}

  static async open(authority: AuthorityPem, now: () => number): Promise<Certificates> {
    const { issuer } = new x509.X509Certificate(authority.certificate);
    const signing = await importKey(authority.key);
    const leaf = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const foreign = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const key = pemOf(leaf.privateKey);
    return new Certificates(issuer, signing, foreign.privateKey, leaf.publicKey, key, now);
  }

  /** What a TLS server needs for this host; kept for the next connection. */
  contextFor(host: string): Promise<SecureContext> {
    const known = this.contexts.get(host);
    const context =
      known ?? this.sign(host).then((cert) => createSecureContext({ key: this.leafKeyPem, cert }));
    this.contexts.delete(host);
    this.contexts.set(host, context);
    if (this.contexts.size > KEPT_CONTEXTS) this.contexts.delete(this.contexts.keys().next().value as string);
    return context;
  }

  /** For clients that name no host: the handshake stands, no host name matches. */
  async unnamed(): Promise<{ key: string; cert: string }> {
    return { key: this.leafKeyPem, cert: await this.sign('unnamed.test') };
  }

  /** A leaf's PEM. Hosts under `.page.test` named for it get one that must not be accepted. */
  async sign(host: string): Promise<string> {
    const expired = host === 'expired-tls.page.test';
    const name = host === 'wrong-name-tls.page.test' ? 'somebody-else.test' : host;
    const now = this.now();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: 'CN=Simulated site',
      issuer: this.issuer,
      notBefore: new Date(now - 2 * DAY),
      notAfter: new Date(expired ? now - DAY : now + LEAF_DAYS * DAY),
      signingAlgorithm: ALGORITHM,
      publicKey: this.leafKey,
      signingKey: host === 'foreign-tls.page.test' ? this.foreignKey : this.signingKey,
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }]),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      ],
    });
    return certificate.toString('pem');
  }
}

function serial(): string {
  return `01${randomBytes(8).toString('hex')}`;
}

function pemOf(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: 'pkcs8', format: 'pem' }).toString();
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}
