import { fromHex, toBech32 } from '@causeway/primitives'

/** Market makers of a devnet. */
export const MAKERS = ['maker-1', 'maker-2'] as const
/** Who makes markets. */
export type MakerRole = (typeof MAKERS)[number]
/** Accounts that hold leveraged positions, so that a shock has somebody to hit. */
export const SPECULATORS = ['speculator-1', 'speculator-2', 'speculator-3'] as const
/** Who speculates. */
export type SpeculatorRole = (typeof SPECULATORS)[number]
/** Programs and people that trade beside the trader of the story. */
export const CROWD = [...MAKERS, 'liquidator', ...SPECULATORS] as const
/** Who brings collateral from the zone at the start. */
export type CrowdRole = (typeof CROWD)[number]
/** Who acts on a devnet. */
export type DevnetRole = 'trader' | 'relayer' | CrowdRole

/**
 * PUBLIC TEST KEYS. They stand in this file for everyone to read: whatever is sent to their addresses on a
 * real chain can be taken by anybody. They exist so that a devnet needs no set-up and its addresses are
 * always the same.
 */
const PUBLIC_TEST_MNEMONICS: Readonly<Record<DevnetRole, string>> = {
  trader: 'jaguar swift culture valley sign innocent outside patient narrow traffic dilemma giggle',
  relayer: 'swim perfect firm hybrid garage space again jeans river attract flight crazy',
  'maker-1': 'century boss soul knife income ankle orange panda spatial float tragic uniform',
  liquidator: 'bike make shift solution laundry comfort syrup accuse angle fever atom humor',
  'speculator-1': 'forget either acquire giggle word profit donate distance display october base client',
  'speculator-2': 'fitness bind retreat hour second enlist cash flock immune stumble wheel immense',
  'speculator-3': 'round leaf sunset illegal cradle shrug jelly crater rain giggle doll tornado',
  'maker-2': 'silk announce crumble garment fee electric december oppose hamster obscure urge alley',
}

/** The same accounts as addresses, on the usual path m/44'/118'/0'/0/0. */
const ADDRESSES: Readonly<Record<DevnetRole, string>> = {
  trader: 'b1eb57ebb567d55aeeeedaa75f503d2aa0dc6a69',
  relayer: 'b4775088e04eb94dcc23514e842715f15355d729',
  'maker-1': 'f94034cd1acc90beb52356ee64fb7e1d9480a3c1',
  liquidator: '707b7d0dd045e786e4da43b9ceebc978a45c2537',
  'speculator-1': 'cf8484fa2a79bd42e7bd00e447fcc8571a184dad',
  'speculator-2': '100d22591a6eac3ccb19d0d734539f9a0e9a92f5',
  'speculator-3': '7022c6e1681f23da00f8859f2e886af981e3f0c8',
  'maker-2': 'd77d2bb3b9565000638d8d6845c1bf50eede6baf',
}

const LOOPBACK = /^(127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\])$/

/**
 * The mnemonic of a test account, for a chain that is reached at `rpcUrl`. Throws unless that is on this
 * machine: a test key signs nothing for a chain that others use.
 */
export function testMnemonic(role: DevnetRole, rpcUrl: string): string {
  const { hostname } = new URL(rpcUrl)
  if (!LOOPBACK.test(hostname))
    throw new Error(`the ${role}'s public test key is refused for ${hostname}: devnet only`)
  return PUBLIC_TEST_MNEMONICS[role]
}

/** Address of a test account under a prefix: for genesis files and for looking. */
export function testAddress(role: DevnetRole, prefix: string): string {
  return toBech32(prefix, fromHex(ADDRESSES[role]))
}
