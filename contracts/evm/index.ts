export {
  ClearingPort,
  CollateralVault,
  ExitDesk,
  HubClient,
  IbcCore,
  StandbyLines,
  VoucherToken,
} from './generated/contracts.ts'

/** ABI of HubClient's client message, `Header` in src/hub-client/HubMessages.sol; twice for misbehaviour. */
export const hubHeaderParameters = [
  {
    type: 'tuple',
    components: [
      {
        name: 'attestation',
        type: 'tuple',
        components: [
          { name: 'height', type: 'uint64' },
          { name: 'timeSeconds', type: 'uint64' },
          { name: 'appHash', type: 'bytes32' },
          { name: 'nextSetHash', type: 'bytes32' },
        ],
      },
      {
        name: 'set',
        type: 'tuple',
        components: [
          { name: 'leafRoot', type: 'bytes32' },
          { name: 'count', type: 'uint32' },
          { name: 'totalPower', type: 'uint64' },
          { name: 'aggregateKey', type: 'bytes' },
        ],
      },
      {
        name: 'absentees',
        type: 'tuple[]',
        components: [
          { name: 'index', type: 'uint32' },
          { name: 'power', type: 'uint64' },
          { name: 'key', type: 'bytes' },
          { name: 'proof', type: 'bytes32[]' },
        ],
      },
      { name: 'signature', type: 'bytes' },
    ],
  },
] as const

/**
 * Siblings of absentees (ascending by index, each leading up to the set's root) as the client takes them:
 * each list but the first ends where it meets the path of the absentee before. Whole lists are valid, too,
 * but cost their calldata.
 */
export { shortenPaths as shortenAbsenteeProofs } from '@causeway/primitives'
