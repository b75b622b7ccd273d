/** The places of the two built-in segments, as the model fixes them: `any` holds every endpoint. */
export const ANY_SEGMENT = 0
/** `internet` holds every globally reachable address. */
export const INTERNET_SEGMENT = 1
