import type { Scene } from './scene.js';

/** Nobody gives up on a message that was not planted to die. */
export function checkDead({ topics, findings }: Pick<Scene, 'topics' | 'findings'>): void {
  findings.checked.deadLetters = topics.dead.length;
  for (const { poisoned, place, origin, group, code, reason } of topics.dead)
    if (!poisoned)
      findings.add('dead-letter', place, 'none without poison', `${group} on ${origin}: ${code}, ${reason}`);
}
