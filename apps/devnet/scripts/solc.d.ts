declare module 'solc' {
  const solc: {
    /** Standard JSON in and out. */
    compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string
  }
  export default solc
}
