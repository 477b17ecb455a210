import { createSocket } from 'node:dgram';
import { webcrypto, KeyObject } from 'node:crypto';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { decode, encode, type Answer } from 'dns-packet';

export interface Part {
  readonly port: number;
  stop(): Promise<void>;
}

async function listening(server: Server & { closeAllConnections(): void }): Promise<Part> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const startHttp = (listener: RequestListener) => listening(createHttp(listener));
export const startHttps = (certificate: { key: string; cert: string }, listener: RequestListener) =>
  listening(createHttps(certificate, listener));

/** A DNS server whose answers a test decides, look-up by look-up. */
export async function startDns(addresses: (name: string, look: number) => string[]): Promise<Part> {
  const looks = new Map<string, number>();
  const socket = createSocket('udp4');
  socket.on('message', (packet, from) => {
    const query = decode(packet);
    const { name, type } = query.questions![0]!;
    const look = looks.get(`${name} ${type}`) ?? 0;
    looks.set(`${name} ${type}`, look + 1);
    const found = addresses(name, look).filter((address) => address.includes(':') === (type === 'AAAA'));
    const answers = found.map((data): Answer => ({ name, type: type as 'A' | 'AAAA', ttl: 0, data }));
    const reply = encode({ type: 'response', id: query.id!, questions: query.questions!, answers });
    socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    port: socket.address().port,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** An authority and a certificate that it signed for `host`. */
export async function certificateFor(host: string): Promise<{ ca: string; cert: string; key: string }> {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const leaf = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Spec authority',
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  const cert = await x509.X509CertificateGenerator.create({
    subject: 'CN=Spec site',
    issuer: ca.subject,
    signingAlgorithm: ALGORITHM,
    publicKey: leaf.publicKey,
    signingKey: keys.privateKey,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }])],
  });
  const key = KeyObject.from(leaf.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { ca: ca.toString('pem'), cert: cert.toString('pem'), key };
}
