/** Threat types that are asked for, and the metric that tells of each. */
export const THREATS = [
  { type: 'MALWARE', metric: 'malware', meaning: 'Listed as malware' },
  { type: 'SOCIAL_ENGINEERING', metric: 'social_engineering', meaning: 'Listed as phishing or a scam' },
  { type: 'UNWANTED_SOFTWARE', metric: 'unwanted_software', meaning: 'Listed for unwanted software' },
] as const;
