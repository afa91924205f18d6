import { describe, expect, it } from 'vitest'
import { openWallet } from '@causeway/relayer'
import { CROWD, testAddress, testMnemonic } from './accounts.ts'

describe('test accounts', () => {
  it('have the same addresses on every devnet', () => {
    expect(testAddress('trader', 'cway')).toBe('cway1k84406a4vl244mhwm2n475pa92sdc6nfxz27ht')
    expect(testAddress('relayer', 'cway')).toBe('cway1k3m4pz8qf6u5mnpr298ggfc479f4t4efvpzdl0')
  })

  it.each(['trader', 'relayer', ...CROWD] as const)('of the %s are those of its mnemonic', async (role) => {
    const { address } = await openWallet(testMnemonic(role, 'http://127.0.0.1:1'), 'zone')
    expect(testAddress(role, 'zone')).toBe(address)
  })

  it.each(['http://127.0.0.1:26657', 'http://localhost:1', 'http://[::1]:26657', 'http://127.8.9.1'])(
    'sign for %s',
    (url) => {
      expect(testMnemonic('trader', url).split(' ')).toHaveLength(12)
    },
  )

  it.each([
    'https://rpc.example.org',
    'http://127.0.0.1.example.org',
    'http://10.0.0.1:26657',
    'http://0.0.0.0',
  ])('are refused for %s', (url) => {
    expect(() => testMnemonic('relayer', url)).toThrow(/public test key is refused .* devnet only/)
  })
})
