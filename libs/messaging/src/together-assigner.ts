import { AssignerProtocol, type PartitionAssigner } from 'kafkajs';
import { assignTogether, type Member } from './assign-together.js';

const NAME = 'assay-together';
const VERSION = 1;

/**
 * Partition p of every subscribed topic goes to the same member, so that all messages about a row are
 * read in one place. `owned` says what this member has; `onJoin` is called for each try to join.
 */
export function togetherAssigner(owned: () => readonly number[], onJoin: () => void): PartitionAssigner {
  return ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => {
      onJoin();
      const userData = Buffer.from(JSON.stringify(owned()));
      return {
        name: NAME,
        metadata: AssignerProtocol.MemberMetadata.encode({ version: VERSION, topics, userData }),
      };
    },
    assign: ({ members, topics }) => {
      const partitions = Math.max(...topics.map((topic) => cluster.findTopicPartitionMetadata(topic).length));
      const shares = assignTogether(members.map(memberOf), partitions);
      return Promise.resolve(
        [...shares].map(([memberId, share]) => ({
          memberId,
          memberAssignment: AssignerProtocol.MemberAssignment.encode({
            version: VERSION,
            assignment: Object.fromEntries(topics.map((topic) => [topic, share])),
            userData: Buffer.alloc(0),
          }),
        })),
      );
    },
  });
}

function memberOf({ memberId, memberMetadata }: { memberId: string; memberMetadata: Buffer }): Member {
  return { id: memberId, owned: ownedIn(AssignerProtocol.MemberMetadata.decode(memberMetadata)?.userData) };
}

function ownedIn(userData: Buffer | undefined): number[] {
  try {
    const owned: unknown = JSON.parse(String(userData));
    return Array.isArray(owned) ? owned.filter((partition) => Number.isInteger(partition)) : [];
  } catch {
    // A member that says nothing of its past has none.
    return [];
  }
}
