/*
 * jsonhash.c
 *	  The hash of what a JSON text means, as jsonb sees it.
 *
 * The order of keys, white space, the spelling of strings (escapes) and of
 * numbers (1, 1.0, 1e0) do not count; of equal keys in one object the last
 * one does.  So
 *
 *		string, number, word	the hash of its value
 *		array					its elements, absorbed one after the other
 *		object					the sum of its (key, value) pairs
 *
 * Only duplicate keys need memory: the pairs of all open objects stand on one
 * stack, and are thinned out when their object closes.  No recursion: a frame
 * per level, LITE_JSON_DEPTH of them.  The text is not trusted: whatever is
 * not JSON ends in "false".
 */
#include "core/hash.h"

#include <stdlib.h>

#include "core/utf8.h"

#define SEED_STRING UINT64_C(0x5351)
#define SEED_NUMBER UINT64_C(0x4e01)
#define SEED_WORD UINT64_C(0x5703)
#define SEED_ARRAY UINT64_C(0x4105)
#define SEED_PAIR UINT64_C(0x5007)
#define SEED_OBJECT UINT64_C(0x4f09)

/* Most documents have no more keys open at a time than this. */
#define INLINE_PAIRS 48
#define INLINE_TEXT 256

/* Up to so many pairs, each is compared with every other one. */
#define FEW_PAIRS 24

typedef struct Pair
{
	LiteHash key;
	LiteHash sum;	/* key and value together */
	uint64_t order; /* which of two equal keys came last */
} Pair;

typedef struct Frame
{
	bool object;
	size_t first;	/* object: its first pair on the stack */
	LiteHash key;	/* object: of the value that is being read */
	LiteHash state; /* array: what was absorbed */
	uint64_t count;
} Frame;

typedef struct Hasher
{
	const char *s;
	const char *end;
	Pair *pairs;
	size_t npairs;
	size_t capacity;
	char *text; /* a string without its escapes */
	size_t text_capacity;
	Pair inline_pairs[INLINE_PAIRS];
	char inline_text[INLINE_TEXT];
} Hasher;

/* ---- numbers ---- */

/* Digits go in by words of 18; sign and point with the first of them. */
#define WORD_DIGITS 18
#define TEN_18 UINT64_C(1000000000000000000)

static LiteHash
start_number(void)
{
	LiteHash state = {LITE_HASH_KEY4, LITE_HASH_KEY6};

	return state;
}

static uint64_t
sign_and_point(bool negative, int64_t point)
{
	return (uint64_t) point * 2 + (negative ? 1 : 0);
}

LiteHash
lite_hash_integer(int64_t i)
{
	LiteHash state = start_number();
	uint64_t size = i < 0 ? 0 - (uint64_t) i : (uint64_t) i;
	uint64_t power = 1;
	int point = 0;

	if (size == 0)
	{
		lite_hash_round(&state, 0, 0);
		return state;
	}
	while (point < 19 && size >= power)
	{
		power *= 10;
		point++;
	}
	while (size % 10 == 0)
		size /= 10;
	lite_hash_round(&state, size >= TEN_18 ? size / 10 : size,
					sign_and_point(i < 0, point));
	if (size >= TEN_18)
		lite_hash_round(&state, size % 10, 0);
	return state;
}

LiteHash
lite_hash_number(const LiteDecimal *decimal)
{
	LiteHash state = start_number();
	uint64_t more = sign_and_point(decimal->negative, decimal->point);
	const char *s = decimal->first;
	size_t left = decimal->ndigits;

	if (left == 0)
	{
		lite_hash_round(&state, 0, 0);
		return state;
	}
	while (left > 0)
	{
		uint64_t word = 0;

		for (int k = 0; k < WORD_DIGITS && left > 0; s++)
		{
			if (*s == '.')
				continue;
			word = word * 10 + (uint64_t) (*s - '0');
			left--;
			k++;
		}
		lite_hash_round(&state, word, more);
		more = 0;
	}
	return state;
}

static bool
read_number(Hasher *hasher, LiteHash *result)
{
	const char *s = hasher->s;
	LiteDecimal decimal;

	while (s < hasher->end && ((*s >= '0' && *s <= '9') || *s == '-' ||
							   *s == '+' || *s == '.' || (*s | 0x20) == 'e'))
		s++;
	if (!lite_decimal_read(hasher->s, (size_t) (s - hasher->s), &decimal))
		return false;
	hasher->s = s;
	*result = lite_hash_finish(lite_hash_number(&decimal), SEED_NUMBER);
	return true;
}

/* ---- strings ---- */

static bool
hex4(const char *s, unsigned *result)
{
	unsigned value = 0;

	for (int k = 0; k < 4; k++)
	{
		unsigned digit = (unsigned) (unsigned char) s[k] - '0';
		unsigned letter = ((unsigned) (unsigned char) s[k] | 0x20u) - 'a';

		if (digit > 9 && letter > 5)
			return false;
		value = value * 16 + (digit <= 9 ? digit : letter + 10);
	}
	*result = value;
	return true;
}

/* The escape at *s, a backslash, into out (room for 4); its bytes, 0: none. */
static int
decode_escape(const char **s, const char *end, char *out)
{
	const char *p = *s + 1;
	unsigned cp;
	unsigned low;

	if (p == end)
		return 0;
	*s = p + 1;
	switch (*p)
	{
		case '"':
		case '\\':
		case '/':
			out[0] = *p;
			return 1;
		case 'b':
			out[0] = '\b';
			return 1;
		case 'f':
			out[0] = '\f';
			return 1;
		case 'n':
			out[0] = '\n';
			return 1;
		case 'r':
			out[0] = '\r';
			return 1;
		case 't':
			out[0] = '\t';
			return 1;
		case 'u':
			break;
		default:
			return 0;
	}
	p++;
	if (end - p < 4 || !hex4(p, &cp) || (cp >= 0xDC00 && cp <= 0xDFFF))
		return 0;
	p += 4;
	if (cp >= 0xD800 && cp <= 0xDBFF)
	{
		if (end - p < 6 || p[0] != '\\' || p[1] != 'u' || !hex4(p + 2, &low) ||
			low < 0xDC00 || low > 0xDFFF)
			return 0;
		cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
		p += 6;
	}
	*s = p;
	return lite_utf8_encode(cp, out);
}

static bool
reserve_text(Hasher *hasher, size_t size)
{
	char *grown;

	if (size <= hasher->text_capacity)
		return true;
	grown = malloc(size);
	if (grown == NULL)
		return false;
	if (hasher->text != hasher->inline_text)
		free(hasher->text);
	hasher->text = grown;
	hasher->text_capacity = size;
	return true;
}

/* The string between start and stop, which has escapes in it. */
static bool
decode_string(Hasher *hasher, const char *start, const char *stop,
			  LiteHash *result)
{
	size_t used = 0;

	/* decoding never lengthens, but for the room an escape is given */
	if (!reserve_text(hasher, (size_t) (stop - start) + 4))
		return false;
	while (start < stop)
	{
		if (*start == '\\')
		{
			int n = decode_escape(&start, stop, hasher->text + used);

			if (n == 0)
				return false;
			used += (size_t) n;
		}
		else
			hasher->text[used++] = *start++;
	}
	*result =
		lite_hash_finish(lite_hash_absorb(hasher->text, used), SEED_STRING);
	return true;
}

static bool
read_string(Hasher *hasher, LiteHash *result)
{
	const char *start = hasher->s + 1;
	const char *s = start;
	const char *end = hasher->end;
	bool escaped = false;

	for (;;)
	{
		while (end - s >= 8)
		{
			uint64_t w = lite_load8(s);

			if ((lite_has_zero(w ^ (LITE_ONES * '"')) |
				 lite_has_zero(w ^ (LITE_ONES * '\\'))) != 0)
				break;
			s += 8;
		}
		while (s < end && *s != '"' && *s != '\\')
			s++;
		if (s == end)
			return false;
		if (*s == '"')
			break;
		escaped = true;
		if (end - s < 2)
			return false;
		s += 2;
	}
	hasher->s = s + 1;
	if (escaped)
		return decode_string(hasher, start, s, result);
	*result = lite_hash_finish(lite_hash_absorb(start, (size_t) (s - start)),
							   SEED_STRING);
	return true;
}

/* ---- objects ---- */

static bool
push_pair(Hasher *hasher, const Frame *frame, LiteHash value)
{
	LiteHash state = frame->key;
	Pair *pair;

	if (hasher->npairs == hasher->capacity)
	{
		size_t capacity = hasher->capacity * 2;
		bool is_inline = hasher->pairs == hasher->inline_pairs;
		Pair *grown =
			realloc(is_inline ? NULL : hasher->pairs, capacity * sizeof(Pair));

		if (grown == NULL)
			return false;
		if (is_inline)
			memcpy(grown, hasher->inline_pairs, sizeof(hasher->inline_pairs));
		hasher->pairs = grown;
		hasher->capacity = capacity;
	}
	lite_hash_round(&state, value.lo, value.hi);
	pair = &hasher->pairs[hasher->npairs++];
	pair->key = frame->key;
	pair->sum = lite_hash_finish(state, SEED_PAIR);
	pair->order = frame->count;
	return true;
}

static inline bool
same_key(const Pair *a, const Pair *b)
{
	return a->key.lo == b->key.lo && a->key.hi == b->key.hi;
}

/* By key, and the last of equal keys first. */
static int
compare_pairs(const void *left, const void *right)
{
	const Pair *a = (const Pair *) left;
	const Pair *b = (const Pair *) right;

	if (a->key.lo != b->key.lo)
		return a->key.lo < b->key.lo ? -1 : 1;
	if (a->key.hi != b->key.hi)
		return a->key.hi < b->key.hi ? -1 : 1;
	return a->order > b->order ? -1 : a->order < b->order ? 1 : 0;
}

/* The object whose pairs are the last n of the stack; takes them off. */
static LiteHash
close_object(Hasher *hasher, size_t first)
{
	Pair *pairs = hasher->pairs + first;
	size_t n = hasher->npairs - first;
	LiteHash state = {0, 0};
	uint64_t kept = 0;

	if (n > FEW_PAIRS)
		qsort(pairs, n, sizeof(Pair), compare_pairs);
	for (size_t k = 0; k < n; k++)
	{
		bool hidden = false;

		if (n > FEW_PAIRS)
			hidden = k > 0 && same_key(&pairs[k], &pairs[k - 1]);
		for (size_t j = k + 1; n <= FEW_PAIRS && j < n && !hidden; j++)
			hidden = same_key(&pairs[k], &pairs[j]);
		if (hidden)
			continue;
		kept++;
		state.lo += pairs[k].sum.lo;
		state.hi += pairs[k].sum.hi;
	}
	hasher->npairs = first;
	return lite_hash_finish(state, SEED_OBJECT + (kept << 16));
}

/* ---- the whole ---- */

static inline void
skip_space(Hasher *hasher)
{
	while (hasher->s < hasher->end &&
		   (*hasher->s == ' ' || *hasher->s == '\n' || *hasher->s == '\t' ||
			*hasher->s == '\r'))
		hasher->s++;
}

static bool
read_word(Hasher *hasher, const char *word, size_t len, LiteHash *result)
{
	if ((size_t) (hasher->end - hasher->s) < len ||
		memcmp(hasher->s, word, len) != 0)
		return false;
	hasher->s += len;
	*result = lite_hash_word((uint64_t) word[0], SEED_WORD);
	return true;
}

static bool
read_scalar(Hasher *hasher, LiteHash *result)
{
	switch (*hasher->s)
	{
		case '"':
			return read_string(hasher, result);
		case 't':
			return read_word(hasher, "true", 4, result);
		case 'f':
			return read_word(hasher, "false", 5, result);
		case 'n':
			return read_word(hasher, "null", 4, result);
		default:
			return read_number(hasher, result);
	}
}

static bool
read_key(Hasher *hasher, Frame *frame)
{
	skip_space(hasher);
	if (hasher->s == hasher->end || *hasher->s != '"' ||
		!read_string(hasher, &frame->key))
		return false;
	skip_space(hasher);
	if (hasher->s == hasher->end || *hasher->s != ':')
		return false;
	hasher->s++;
	frame->count++;
	return true;
}

static void
open_frame(Hasher *hasher, Frame *frame, bool object)
{
	frame->object = object;
	frame->first = hasher->npairs;
	frame->count = 0;
	frame->state.lo = LITE_HASH_KEY1;
	frame->state.hi = LITE_HASH_KEY2;
}

/* A value has ended inside frame. */
static bool
take_value(Hasher *hasher, Frame *frame, LiteHash value)
{
	if (frame->object)
		return push_pair(hasher, frame, value);
	lite_hash_round(&frame->state, value.lo, value.hi);
	return true;
}

static bool
hash_value(Hasher *hasher, LiteHash *result)
{
	Frame frames[LITE_JSON_DEPTH];
	int depth = 0;

	for (;;)
	{
		LiteHash value;
		bool empty = false;

		skip_space(hasher);
		if (hasher->s == hasher->end)
			return false;
		if (*hasher->s == '{' || *hasher->s == '[')
		{
			bool object = *hasher->s == '{';

			if (depth == LITE_JSON_DEPTH)
				return false;
			hasher->s++;
			open_frame(hasher, &frames[depth++], object);
			skip_space(hasher);
			if (hasher->s == hasher->end)
				return false;
			empty = *hasher->s == (object ? '}' : ']');
			if (!empty)
			{
				if (object && !read_key(hasher, &frames[depth - 1]))
					return false;
				continue;
			}
		}
		else if (!read_scalar(hasher, &value))
			return false;

		/* Up, as long as containers close; "empty" closes without a value. */
		for (;;)
		{
			Frame *frame;
			char c;

			if (depth == 0)
			{
				*result = value;
				return true;
			}
			frame = &frames[depth - 1];
			if (!empty && !take_value(hasher, frame, value))
				return false;
			empty = false;
			skip_space(hasher);
			if (hasher->s == hasher->end)
				return false;
			c = *hasher->s++;
			if (c == ',')
			{
				if (frame->object && !read_key(hasher, frame))
					return false;
				break;
			}
			if (c != (frame->object ? '}' : ']'))
				return false;
			value = frame->object ? close_object(hasher, frame->first)
								  : lite_hash_finish(frame->state, SEED_ARRAY);
			depth--;
		}
	}
}

bool
lite_hash_json(const char *s, size_t len, LiteHash *result)
{
	Hasher hasher;
	bool good;

	hasher.s = s;
	hasher.end = s + len;
	hasher.pairs = hasher.inline_pairs;
	hasher.npairs = 0;
	hasher.capacity = INLINE_PAIRS;
	hasher.text = hasher.inline_text;
	hasher.text_capacity = INLINE_TEXT;

	good = hash_value(&hasher, result);
	skip_space(&hasher);
	good = good && hasher.s == hasher.end;
	if (hasher.pairs != hasher.inline_pairs)
		free(hasher.pairs);
	if (hasher.text != hasher.inline_text)
		free(hasher.text);
	return good;
}
