import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { builtInProviders, type Provider } from '@assay/providers';
import { loadExamples } from '@assay/providers/examples';
import { play, scripted } from './play-example.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A certificate for every host that a provider's good example asks, with the authority that signed it. */
export async function certificateForAnyHost(): Promise<{ ca: string; cert: string; key: string }> {
  x509.cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const leaf = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Kit authority',
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  const hosts = new Set((await Promise.all(builtInProviders.map(hostsOf))).flat());
  const cert = await x509.X509CertificateGenerator.create({
    subject: 'CN=Kit provider',
    issuer: ca.subject,
    signingAlgorithm: ALGORITHM,
    publicKey: leaf.publicKey,
    signingKey: keys.privateKey,
    extensions: [
      new x509.SubjectAlternativeNameExtension([...hosts].map((value) => ({ type: 'dns', value }))),
    ],
  });
  const key = KeyObject.from(leaf.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { ca: ca.toString('pem'), cert: cert.toString('pem'), key };
}

async function hostsOf(provider: Provider): Promise<string[]> {
  const { good } = await loadExamples(provider.id);
  const { requests } = await play(provider, good.questions, scripted(provider.id, good.replies));
  return requests.map(({ url }) => new URL(url).hostname);
}
