import { AssignerProtocol, type Admin, type GroupDescription } from 'kafkajs';
import { isFlowTopic, OWN_GROUPS, readEnds, type Ends } from './read-topics.js';
import type { Findings } from './report.js';

/** What one group has committed, or has left unread. */
interface GroupTopic {
  readonly group: string;
  readonly topic: string;
  /** By partition; −1: nothing committed. */
  readonly offsets: ReadonlyMap<number, number>;
}

const AT_REST = new Set(['Stable', 'Empty']);

/** Each group has committed what it reads to the end, and no further; each topic of the flow has a reader. */
export async function checkLag(admin: Admin, findings: Findings): Promise<void> {
  const [ends, described] = await Promise.all([readEnds(admin), describeGroups(admin)]);
  // A group that is being divided anew tells of no member what it reads.
  const moving = described.filter(({ state }) => !AT_REST.has(state));
  for (const { groupId, state } of moving) findings.add('lag', groupId, 'at rest', state);
  const still = described.filter((group) => !moving.includes(group));
  const groups = (await Promise.all(still.map((group) => offsetsOf(admin, group)))).flat();
  const read = new Set(groups.map(({ topic }) => topic));
  for (const group of groups) checkGroup(group, ends, findings);
  for (const [place, { end }] of ends) {
    const topic = place.slice(0, place.lastIndexOf('/'));
    if (end > 0 && !topic.endsWith('.dead') && moving.length === 0 && !read.has(topic))
      findings.add('topic-unread', place, 'a group that reads it', 'none');
  }
  findings.checked.groups = new Set(groups.map(({ group }) => group)).size;
}

function checkGroup({ group, topic, offsets }: GroupTopic, ends: Ends, findings: Findings): void {
  for (const [partition, offset] of offsets) {
    const { start, end } = ends.get(`${topic}/${partition}`) ?? { start: 0, end: 0 };
    const where = `${group} ${topic}/${partition}`;
    // Of a partition that never had a message nothing can be committed.
    const committed = offset < 0 ? start : offset;
    if (committed < end) findings.add('lag', where, end, offset < 0 ? 'nothing committed' : offset);
    if (committed > end) findings.add('offset-beyond-end', where, end, offset);
  }
}

async function describeGroups(admin: Admin): Promise<GroupDescription[]> {
  const { groups: all } = await admin.listGroups();
  const ids = all.map(({ groupId }) => groupId).filter((id) => !id.startsWith(OWN_GROUPS));
  if (ids.length === 0) return [];
  return (await admin.describeGroups(ids)).groups;
}

/** A group reads what its members subscribe to; one without members what it has committed on. */
async function offsetsOf(admin: Admin, { groupId: group, members }: GroupDescription): Promise<GroupTopic[]> {
  const subscribed = new Set(
    members.flatMap(
      ({ memberMetadata }) => AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics ?? [],
    ),
  );
  const committed = await admin.fetchOffsets({ groupId: group });
  const known = new Set(committed.map(({ topic }) => topic));
  const unknown = [...subscribed].filter((topic) => !known.has(topic));
  const rest = unknown.length > 0 ? await admin.fetchOffsets({ groupId: group, topics: unknown }) : [];
  return [...committed, ...rest]
    .filter(({ topic }) => isFlowTopic(topic))
    .map(({ topic, partitions }) => ({
      group,
      topic,
      offsets: new Map(partitions.map(({ partition, offset }) => [partition, Number(offset)])),
    }));
}
