/*
 * Errors of the programs by number, as their sources name them (fault.rs, error.rs of each program and
 * crate). Lists are append-only.
 */

const ACCOUNTS = [
  'MissingAccount',
  'NotSigner',
  'WrongOwner',
  'WrongLayout',
  'WrongAddress',
  'WrongProgram',
  'AlreadyExists',
  'Overflow',
  'WrongLength',
  'UnknownInstruction',
  'NotWritable',
]
const PACKETS = [
  'Truncated',
  'ZeroSequence',
  'BlankField',
  'BadPath',
  'OutsideTree',
  'TreeFull',
  'MalformedTransfer',
]
const RECORDER = ['NotVoteAccount', 'Full', 'LargestAlready']
const CORE = [
  'InvalidCounterpartyId',
  'InvalidPort',
  'WrongCounterparty',
  'WrongClient',
  'NotApplication',
  'TimeoutElapsed',
  'TimeoutTooFar',
  'TimeoutNotReached',
  'ClientNotActive',
  'ClientRetired',
  'ClientNotDeadLongEnough',
  'WrongLightClient',
  'WrongHeight',
  'StaleReceiptPath',
  'CommitmentMismatch',
  'PacketAccountMissing',
  'InvalidAcknowledgement',
  'Refused',
  'WrongRentPayer',
  'ExitNotSettled',
  'ClientNotRetired',
]
const VAULT = [
  'NotCore',
  'WrongClient',
  'WrongTokenProgram',
  'MintRefused',
  'WrongLine',
  'WrongTokenAccount',
  'DestinationMissing',
  'DestinationRefuses',
  'BlankDeposit',
  'AmountMismatch',
  'EscrowExceeded',
  'UnknownAcknowledgement',
  'ClaimNotPayableYet',
  'ClientInDoubt',
  'ClaimStands',
  'ClientNotRetired',
  'WrongLightClient',
  'OpenAlready',
  'NotOpenYet',
  'NothingLeft',
  'WrongRentPayer',
  'NoSequence',
  'InvalidOwner',
]
const PROOFS = [
  'Length',
  'KeyLength',
  'EmptyValue',
  'Kind',
  'LeafVersion',
  'InnerNode',
  'NotRightOfLeft',
  'NotLeftOfRight',
  'NotAdjacent',
  'StorePath',
  'NodeNotProven',
  'RootMismatch',
  'TooManyNodes',
]
const HUB_CLIENT: readonly (readonly [number, string])[] = [
  [301, 'Malformed'],
  [306, 'WrongSet'],
  [307, 'AbsenteeOrder'],
  [308, 'AbsenteeIndex'],
  [309, 'AbsenteeNotInSet'],
  [310, 'AbsentPower'],
  [311, 'TooLittlePower'],
  [312, 'IdentityKey'],
  [313, 'WrongSignature'],
  [320, 'Frozen'],
  [321, 'Expired'],
  [322, 'FromTheFuture'],
  [323, 'TooOld'],
  [324, 'HeightBelowSet'],
  [325, 'NoMisbehaviour'],
  [326, 'InvalidTrusted'],
  [328, 'SetNotTrusted'],
  [329, 'HeightStands'],
  [330, 'ZeroHash'],
  [331, 'TooFarAhead'],
  [350, 'WrongHints'],
  [351, 'WrongState'],
  [352, 'NothingToTakeBack'],
  [353, 'StateInUse'],
]

/** Name of each custom error of the programs, behind what refused: `core/StaleReceiptPath` is 113. */
export const PROGRAM_ERRORS: ReadonlyMap<number, string> = new Map([
  ...numbered('accounts', 1, ACCOUNTS),
  ...numbered('packets', 20, PACKETS),
  ...numbered('recorder', 90, RECORDER),
  ...numbered('core', 100, CORE),
  ...numbered('vault', 150, VAULT),
  ...numbered('proof', 200, PROOFS),
  ...HUB_CLIENT.map(([code, name]) => [code, `hub-client/${name}`] as const),
])

function numbered(who: string, from: number, names: readonly string[]): (readonly [number, string])[] {
  return names.map((name, index) => [from + index, `${who}/${name}`] as const)
}
