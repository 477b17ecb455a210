/** Lists that are asked, and the metric that each answers. */
export const THREAT_TYPES = [
  { id: 'MALWARE', metric: 'malware', meaning: 'Listed as spreading malware' },
  { id: 'SOCIAL_ENGINEERING', metric: 'social_engineering', meaning: 'Listed for phishing or deception' },
  { id: 'UNWANTED_SOFTWARE', metric: 'unwanted_software', meaning: 'Listed for unwanted software' },
  {
    id: 'POTENTIALLY_HARMFUL_APPLICATION',
    metric: 'potentially_harmful_application',
    meaning: 'Listed for potentially harmful applications',
  },
] as const;
