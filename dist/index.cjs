"use strict";Object.defineProperty(exports, "__esModule", {value: true});// src/index.ts
var x = 1;


exports.x = x;
