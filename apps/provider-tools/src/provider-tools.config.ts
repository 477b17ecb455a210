import { Port, readConfig, Shared, Type } from '@assay/config';
import { createTransport, readLead, type Transport } from '@assay/fetching';
import { keysOf, type Provider } from '@assay/providers';

/** What the tools read from the environment besides the providers' keys. */
const ToolSettings = Type.Object({
  ASSAY_MODE: Shared.ASSAY_MODE,
  ASSAY_CONTACT: Type.String({
    default: 'https://github.com/assay/assay',
    description: 'Address in the user agent, for whoever wants to know who asks: a URL or mailto:.',
  }),
  LEAD_HTTP_PORT: Port(0, "Demo and test: the simulator's http port, to which every host is led."),
  LEAD_HTTPS_PORT: Port(0, "Demo and test: the simulator's https port."),
  LEAD_DNS_PORT: Port(0, "Demo and test: the simulator's DNS port (UDP), which resolves every name."),
  LEAD_CA_FILE: Type.String({ default: '', description: "Demo and test: PEM of the simulator's authority." }),
});

export interface ToolConfig {
  readonly userAgent: string;
  readonly transport: Transport;
  keysOf(provider: Provider): string[];
}

/** @throws ConfigError */
export function readToolConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ToolConfig {
  const settings = readConfig(ToolSettings, environment);
  const userAgent = `Assay/0.1.0 (+${settings.ASSAY_CONTACT})`;
  const lead = readLead({
    mode: settings.ASSAY_MODE,
    httpPort: settings.LEAD_HTTP_PORT,
    httpsPort: settings.LEAD_HTTPS_PORT,
    dnsPort: settings.LEAD_DNS_PORT,
    caFile: settings.LEAD_CA_FILE,
  });
  return {
    userAgent,
    transport: createTransport({ userAgent, ...(lead ? { lead } : {}) }),
    keysOf: (provider) => keysOf(provider, environment),
  };
}
