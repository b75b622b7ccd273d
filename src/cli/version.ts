import { createRequire } from 'node:module'

/** Version of the installed package; the package finds itself by its own name, from the source and from the build. */
export function packageVersion(): string {
  const manifest = createRequire(import.meta.url)('sallyport/package.json') as { readonly version: string }
  return manifest.version
}
