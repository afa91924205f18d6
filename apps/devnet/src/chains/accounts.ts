import { fromHex, toBech32 } from '@causeway/primitives'

/** Who acts on a devnet. */
export type DevnetRole = 'trader' | 'relayer'

/**
 * PUBLIC TEST KEYS. They stand in this file for everyone to read: whatever is sent to their addresses on a
 * real chain can be taken by anybody. They exist so that a devnet needs no set-up and its addresses are
 * always the same.
 */
const PUBLIC_TEST_MNEMONICS: Readonly<Record<DevnetRole, string>> = {
  trader: 'jaguar swift culture valley sign innocent outside patient narrow traffic dilemma giggle',
  relayer: 'swim perfect firm hybrid garage space again jeans river attract flight crazy',
}

/** The same accounts as addresses, on the usual path m/44'/118'/0'/0/0. */
const ADDRESSES: Readonly<Record<DevnetRole, string>> = {
  trader: 'b1eb57ebb567d55aeeeedaa75f503d2aa0dc6a69',
  relayer: 'b4775088e04eb94dcc23514e842715f15355d729',
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
