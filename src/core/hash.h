/*
 * hash.h
 *	  The hash behind digest.h: its one operation and its shapes.
 *
 *		absorb		bytes -> state		(two lanes, not yet mixed)
 *		finish		state, seed -> hash
 *		word		a 64-bit value, seed -> hash, in one go
 *
 * The state does not depend on the seed, so bytes that are hashed under
 * several seeds are read once.  See digest.c for the reasons.
 */
#ifndef LITE_HASH_H
#define LITE_HASH_H

#include "core/convert.h"
#include "core/digest.h"

/*
 * Numbers with about half their bits set and no pattern: the fractional parts
 * of the square roots of 2, 3, 5, 7, 11, 13 and 17.
 */
#define LITE_HASH_KEY0 UINT64_C(0x6a09e667f3bcc908)
#define LITE_HASH_KEY1 UINT64_C(0xbb67ae8584caa73b)
#define LITE_HASH_KEY2 UINT64_C(0x3c6ef372fe94f82b)
#define LITE_HASH_KEY3 UINT64_C(0xa54ff53a5f1d36f1)
#define LITE_HASH_KEY4 UINT64_C(0x510e527fade682d1)
#define LITE_HASH_KEY5 UINT64_C(0x9b05688c2b3e6c1f)
#define LITE_HASH_KEY6 UINT64_C(0x1f83d9abfb41bd6b)

static inline uint64_t
lite_hash_fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ typedef unsigned __int128 Wide;
	Wide product = (Wide) a * b;

	return (uint64_t) product ^ (uint64_t) (product >> 64);
#else
	uint64_t ll = (a & 0xFFFFFFFF) * (b & 0xFFFFFFFF);
	uint64_t lh = (a & 0xFFFFFFFF) * (b >> 32);
	uint64_t hl = (a >> 32) * (b & 0xFFFFFFFF);
	uint64_t hh = (a >> 32) * (b >> 32);
	uint64_t middle = (ll >> 32) + (lh & 0xFFFFFFFF) + (hl & 0xFFFFFFFF);

	return ((middle << 32) | (ll & 0xFFFFFFFF)) ^
		   (hh + (lh >> 32) + (hl >> 32) + (middle >> 32));
#endif
}

static inline uint64_t
lite_hash_load(const void *p)
{
	uint64_t w = lite_load8(p);

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

static inline uint64_t
lite_hash_load4(const void *p)
{
	uint32_t w;

	memcpy(&w, p, 4);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap32(w);
#endif
	return w;
}

/* 0..8 bytes as a word.  Reads overlap; the length, which is hashed too,
 * tells apart what that makes equal. */
static inline uint64_t
lite_hash_load_short(const unsigned char *p, size_t len)
{
	if (len >= 4)
		return lite_hash_load4(p) | lite_hash_load4(p + len - 4) << 32;
	if (len == 0)
		return 0;
	return (uint64_t) p[0] | (uint64_t) p[len / 2] << 8 |
		   (uint64_t) p[len - 1] << 16;
}

/* Sixteen more bytes.  A word that meets its key would clear a lane; the old
 * state, added behind the fold, survives that. */
static inline void
lite_hash_round(LiteHash *state, uint64_t a, uint64_t b)
{
	uint64_t lo = state->lo;
	uint64_t hi = state->hi;

	state->lo =
		lite_hash_fold(a ^ LITE_HASH_KEY0, b ^ lo) + (lo << 1 | lo >> 63);
	state->hi =
		lite_hash_fold(b ^ LITE_HASH_KEY1, a ^ hi) + (hi << 1 | hi >> 63);
}

static inline LiteHash
lite_hash_absorb(const void *data, size_t len)
{
	const unsigned char *p = (const unsigned char *) data;
	LiteHash state = {LITE_HASH_KEY2 ^ len, LITE_HASH_KEY3 + len};

	while (len > 16)
	{
		lite_hash_round(&state, lite_hash_load(p), lite_hash_load(p + 8));
		p += 16;
		len -= 16;
	}
	if (len > 8)
		lite_hash_round(&state, lite_hash_load(p),
						lite_hash_load_short(p + 8, len - 8));
	else
		lite_hash_round(&state, lite_hash_load_short(p, len), 0);
	return state;
}

static inline LiteHash
lite_hash_finish(LiteHash state, uint64_t seed)
{
	uint64_t a = lite_hash_fold(state.lo ^ seed, state.hi ^ LITE_HASH_KEY0);
	uint64_t b = lite_hash_fold(state.hi + seed, state.lo ^ LITE_HASH_KEY1);
	LiteHash result;

	result.lo = lite_hash_fold(a ^ LITE_HASH_KEY2, b ^ state.lo);
	result.hi = lite_hash_fold(b ^ LITE_HASH_KEY3, a ^ state.hi);
	return result;
}

static inline LiteHash
lite_hash_word(uint64_t w, uint64_t seed)
{
	LiteHash state;

	state.lo = w ^ LITE_HASH_KEY5;
	state.hi = (w << 32 | w >> 32) + LITE_HASH_KEY6;
	return lite_hash_finish(state, seed);
}

/* ---- jsonhash.c ---- */

/* States of numbers by value: equal for 1, 1.0 and 10e-1. */
extern LiteHash lite_hash_integer(int64_t i);
extern LiteHash lite_hash_number(const LiteDecimal *decimal);

/* The state of what a JSON text means as jsonb; false if it is no JSON that
 * lite_json_kind() knows, or there is no memory. */
extern bool lite_hash_json(const char *s, size_t len, LiteHash *result);

#endif /* LITE_HASH_H */
