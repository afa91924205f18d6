import { defineErrors } from '@causeway/primitives'

/** Codespace `governance`. 1–19 proposals, 20–29 votes, 30–49 contents. Append only. */
export const errors = defineErrors('governance', {
  notGoverned: [1, () => 'nobody votes on this chain: its genesis bonds nothing'],
  badTitle: [2, () => 'title: expected 1 to 140 characters of printable text'],
  badSummary: [3, (d: { bytesMax: number }) => `summary: expected at most ${d.bytesMax} bytes`],
  badContents: [4, (d: { max: number }) => `contents: expected 1 to ${d.max}, each with one action`],
  tooManyOpen: [5, (d: { max: bigint }) => `${d.max} proposals are under way`],
  unknownProposal: [6, (d: { id: bigint }) => `no proposal ${d.id}`],
  voteEnded: [20, (d: { id: bigint }) => `the vote on proposal ${d.id} has ended`],
  badOption: [21, () => 'option: expected 1 yes, 2 no, 3 veto or 4 abstain'],
  noStake: [22, () => 'nothing is bonded: only stake votes'],
  unknownModule: [30, (d: { module: string }) => `module ${d.module} has no parameters`],
  badTarget: [31, (d: { bytes: number }) => `target: expected 32 bytes, got ${d.bytes}`],
  badData: [32, (d: { max: number }) => `data: expected at most ${d.max} bytes`],
  otherClient: [
    34,
    (d: { clientId: string; what: string }) =>
      `client ${d.clientId}: ${d.what} is not what the proposal names`,
  ],
  trustsTooLong: [
    35,
    (d: { clientId: string; seconds: bigint; max: bigint }) =>
      `client ${d.clientId} trusts a header for ${d.seconds} s, at most ${d.max} s are allowed`,
  ],
  noForks: [36, (d: { clientId: string }) => `client ${d.clientId} does not have to know forks`],
  incomplete: [37, (d: { field: string }) => `the proposal lacks ${d.field}`],
  badCouncil: [
    38,
    (d: { max: number }) =>
      `council: expected 1 to ${d.max} ascending accounts and how many of them it takes, or nobody and 0`,
  ],
  badSubject: [39, () => 'expected a line or a market'],
  notCouncil: [40, () => 'only members of the council ask for a pause'],
  askedAlready: [41, () => 'this member has asked for it within the day'],
  pausedLately: [42, (d: { subject: string }) => `the council has paused ${d.subject} within the week`],
})
