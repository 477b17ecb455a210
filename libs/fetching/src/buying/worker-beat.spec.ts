import { WorkerBeat } from './worker-beat.js';

const WORKER = '01890000-0000-7000-8000-000000000001';

/** A beat whose clock and database the spec holds in hand. */
function heldBeat() {
  const held = { now: 0, away: false };
  const query = () => (held.away ? Promise.reject(new Error('away')) : Promise.resolve({ rows: [] }));
  const settings = { worker: WORKER, providers: ['ranks'], deadAfterMs: 6_000, now: () => held.now };
  const beat = new WorkerBeat({ query }, settings);
  return { held, beat };
}

/** One beat at each of these times. */
async function beats({ held, beat }: ReturnType<typeof heldBeat>, ...times: number[]): Promise<void> {
  for (const time of times) {
    held.now = time;
    await beat.beat();
  }
}

test('it may begin calls from its first beat until others may take it for dead', async () => {
  const rig = heldBeat();
  expect(rig.beat.mayStart).toBe(false);
  await beats(rig, 0);
  rig.held.now = 5_999;
  expect(rig.beat.mayStart).toBe(true);
  rig.held.now = 6_000;
  expect(rig.beat.mayStart).toBe(false);
});

test('it judges others only once it has been heard without a gap for as long as a dead one has not', async () => {
  const rig = heldBeat();
  await beats(rig, 0, 1_000, 2_000, 3_000, 4_000, 5_000);
  expect(rig.beat.mayJudge).toBe(false);
  await beats(rig, 6_000);
  expect(rig.beat.mayJudge).toBe(true);
});

test('an outage of the database, or a sleep of its own, makes nobody dead: it starts counting anew', async () => {
  const rig = heldBeat();
  await beats(rig, 0, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000);
  rig.held.away = true;
  await expect(beats(rig, 7_000)).rejects.toThrow('away');
  rig.held.away = false;
  await beats(rig, 14_000);
  expect([rig.beat.mayStart, rig.beat.mayJudge, rig.beat.aliveSince]).toEqual([true, false, 14_000]);
  await beats(rig, 15_000, 16_000, 17_000, 18_000, 19_000);
  expect(rig.beat.mayJudge).toBe(false);
  await beats(rig, 20_000);
  expect(rig.beat.mayJudge).toBe(true);
});
