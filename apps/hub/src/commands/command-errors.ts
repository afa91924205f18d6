import { defineErrors } from '@causeway/primitives'

/** Codespace `hub`: what an operator got wrong. Append only. */
export const errors = defineErrors('hub', {
  homeExists: [1, (d: { path: string }) => `${d.path} exists: choose another --home, or remove it`],
  noHome: [2, (d: { path: string }) => `${d.path} is missing: run causeway hub init first`],
  badOption: [3, (d: { option: string; expected: string }) => `${d.option}: expected ${d.expected}`],
  cannotListen: [
    5,
    (d: { address: string; reason: string }) =>
      `can't listen at ${d.address}: ${d.reason}; choose another address`,
  ],
  unusableFile: [6, (d: { path: string; reason: string }) => `${d.path} can't be used: ${d.reason}`],
  sameChain: [
    7,
    (d: { chainId: string }) =>
      [
        `--chain-id: expected another one than ${d.chainId}: validators attested this chain's heights, and`,
        'another history under the same name would make their honest attestations false and their stake',
        'forfeit',
      ].join(' '),
  ],
  notAttested: [
    8,
    (d: { height: bigint; reason: string }) => `--height: nothing to sign at height ${d.height}: ${d.reason}`,
  ],
  noBlocks: [4, () => 'the database has no committed block yet'],
})
