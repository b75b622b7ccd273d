// src/index.ts
var x = 1;
export {
  x
};
