package kv

// DumpInBlocks is Dump with small blocks, so that a test can have many.
var DumpInBlocks = dump
