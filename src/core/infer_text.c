/*
 * infer_text.c
 *	  Text that is more than text: JSON, moments, UUIDs; and bytes.
 *
 * TEXT is promoted where every value is of one kind and nothing that tells two
 * values apart in SQLite makes them one in PostgreSQL.
 */
#include "core/infer_int.h"

/* At least 19 of 20, so that telling is worth a line. */
static bool
mostly(int64_t part, int64_t whole)
{
	return part > 0 && part >= whole - whole / 20;
}

static void
almost(Inference *inf, LiteFit fit, int64_t fitting, LiteColumnType type,
	   const char *what)
{
	int64_t others = inf->texts - fitting;

	inf->d->suggested = type;
	inf->d->suggestion = lite_arena_printf(
		inf->arena,
		"all but %lld of %lld values are %s%s; with these corrected, or with "
		"on_error => 'reject', %s would make it %s",
		(long long) others, (long long) inf->texts, what,
		lite_infer_first_row(inf, fit),
		lite_override_text(inf->arena, inf->facts->table->name,
						   inf->facts->column->name, type),
		lite_infer_type_text(inf->arena, type));
	/* never taken by infer => 'eager': it would reject values */
	inf->d->suggested.type = LITE_TYPE_NONE;
}

/* A jsonb has strings, arrays and objects of 256 MB at the most
 * (JENTRY_OFFLENMASK); below this no text can come to more. */
#define JSONB_BYTES ((size_t) 64 * 1024 * 1024)

/* JSON to its application, but not to jsonb: somebody has to know. */
static void
find_json_nul(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;

	lite_infer_find(
		inf, LITE_SEVERITY_INFO, "json",
		lite_arena_printf(inf->arena,
						  "JSON, but %lld value%s \\u0000 in it, which jsonb "
						  "does not take%s: the column stays text",
						  (long long) p->json_nul,
						  p->json_nul == 1 ? " has" : "s have",
						  lite_infer_first_row(inf, LITE_FIT_JSON_CONTAINER)),
		NULL);
}

/* TEXT that is JSON in every value. */
static bool
try_json(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;
	int64_t containers = p->fits[LITE_FIT_JSON_CONTAINER];
	int64_t nulls = p->fits[LITE_FIT_JSON_NULL];
	LiteColumnType type = make_type(LITE_TYPE_JSONB, LITE_FORMAT_NATIVE);

	if (containers == 0 || p->bytes_max > JSONB_BYTES)
		return false;
	if (containers + nulls < inf->texts)
	{
		if (p->json_nul > 0 &&
			mostly(containers + nulls + p->json_nul, inf->texts))
			find_json_nul(inf);
		else if (mostly(containers + nulls, inf->texts))
			almost(inf, LITE_FIT_JSON_CONTAINER, containers + nulls, type,
				   "JSON objects or arrays");
		return false;
	}
	if (inf->facts->unique || inf->facts->key_family)
	{
		lite_infer_suggest(
			inf, type,
			"every value is a JSON object or array, but the column is "
			"part of a key, where two spellings are two values");
		inf->d->suggested.type = LITE_TYPE_NONE;
		return false;
	}
	inf->d->type = type;
	set_evidence(inf, "%s; each is a JSON object or array%s%s",
				 lite_values_text(inf->arena, p),
				 nulls > 0 ? " (or the literal null)" : "",
				 inf->facts->check_json ? ", and CHECK asks json_valid" : "");
	return true;
}

/* TEXT that is a date with time in every value. */
static bool
try_moments(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;
	int64_t moments = p->fits[LITE_FIT_MOMENT];
	int64_t zones = p->fits[LITE_FIT_MOMENT_ZONE];
	LiteColumnType type = make_type(LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_NATIVE);

	if (moments == 0)
		return false;
	if (moments < inf->texts)
	{
		if (mostly(moments, inf->texts))
			almost(inf, LITE_FIT_MOMENT, moments, type, "dates with a time");
		return false;
	}
	if ((inf->facts->unique || inf->facts->key_family) &&
		!lite_infer_moments_distinct(inf))
	{
		lite_infer_suggest(
			inf, type,
			"every value is a date with time, but they are spelled in "
			"several ways and the column is part of a key");
		inf->d->suggested.type = LITE_TYPE_NONE;
		return false;
	}
	inf->d->type = type;
	set_evidence(inf, "%s; each is a date with time%s%s",
				 lite_values_text(inf->arena, p),
				 zones == inf->texts ? " and zone"
				 : zones > 0		 ? ", some with a zone, the rest in "
									 : ", without a zone: ",
				 zones == inf->texts			 ? ""
				 : inf->facts->time_zone != NULL ? inf->facts->time_zone
												 : "UTC");
	return true;
}

/*
 * .NET writes seven digits of a second, Go and Python's NumPy nine.  What
 * timestamptz would round stays text, but somebody should know why.
 */
static bool
is_fine_time(const char *text)
{
	int digits = 0;

	if (text == NULL || strlen(text) < 21 || text[4] != '-' ||
		text[7] != '-' || (text[10] != ' ' && text[10] != 'T') ||
		text[13] != ':' || text[16] != ':' || text[19] != '.')
		return false;
	while (text[20 + digits] >= '0' && text[20 + digits] <= '9')
		digits++;
	return digits > 6;
}

static void
suggest_text(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;

	if (is_fine_time(p->examples[0]) && p->fits[LITE_FIT_DATE] == 0 &&
		p->fits[LITE_FIT_TIME] == 0)
	{
		inf->d->suggestion =
			"there are times with more than six digits of a second, which "
			"timestamptz would round; as text they stay exact";
		return;
	}

	if (p->fits[LITE_FIT_UUID_TEXT] == inf->texts &&
		(p->uuids_uniform || !inf->facts->unique))
		lite_infer_suggest(inf, make_type(LITE_TYPE_UUID, LITE_FORMAT_NATIVE),
						   "every value is a UUID");
	else if (p->fits[LITE_FIT_DATE] == inf->texts &&
			 (lite_infer_moments_distinct(inf) || !inf->facts->unique))
		lite_infer_suggest(inf, make_type(LITE_TYPE_DATE, LITE_FORMAT_NATIVE),
						   "every value is a date");
}

/* TEXT only: what else it may be. */
void
lite_infer_by_text_values(Inference *inf)
{
	inf->d->type = make_type(LITE_TYPE_TEXT, LITE_FORMAT_NATIVE);
	set_evidence(inf, "%s", lite_values_text(inf->arena, inf->p));
	if (inf->facts->infer == LITE_INFER_DECLARED)
		return;
	if (try_json(inf) || try_moments(inf))
		return;
	if (inf->d->suggestion == NULL)
		suggest_text(inf);
}

void
lite_infer_by_uuid(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;
	bool unique = inf->facts->unique || inf->facts->key_family;
	LiteFormat format = LITE_FORMAT_NATIVE;
	bool good = false;

	if (p->fits[LITE_FIT_UUID_TEXT] == inf->values)
		good = !unique || p->uuids_uniform;
	else if (p->fits[LITE_FIT_UUID_BLOB] == inf->values)
	{
		good = true;
		format = LITE_FORMAT_BLOB;
	}
	else if (lite_profile_all(p, LITE_FIT_AUTO))
	{
		good = !unique;
		format = LITE_FORMAT_AUTO;
	}
	if (!good)
	{
		lite_infer_by_classes(
			inf,
			unique && lite_profile_all(p, LITE_FIT_AUTO)
				? "UUIDs spelled in several ways in a key"
				: lite_arena_printf(inf->arena, "not every value is a UUID%s",
									lite_infer_first_row(inf, LITE_FIT_AUTO)));
		return;
	}
	inf->d->type = make_type(LITE_TYPE_UUID, format);
	set_evidence(inf, "declared %s; %s, all UUIDs",
				 inf->facts->column->declared,
				 lite_values_text(inf->arena, p));
}

void
lite_infer_by_json(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;
	bool unique = inf->facts->unique || inf->facts->key_family;
	LiteFormat format = LITE_FORMAT_AUTO;

	if (p->fits[LITE_FIT_JSON_CONTAINER] + p->fits[LITE_FIT_JSON_NULL] ==
		inf->values)
		format = LITE_FORMAT_NATIVE;
	else if (p->fits[LITE_FIT_JSONB_BLOB] == inf->values)
		format = LITE_FORMAT_BLOB;
	else if (!lite_profile_all(p, LITE_FIT_AUTO))
	{
		lite_infer_by_classes(
			inf,
			lite_arena_printf(inf->arena, "not every value is JSON%s%s",
							  p->json_nul > 0 ? " as jsonb has it (\\u0000)"
											  : "",
							  lite_infer_first_row(inf, LITE_FIT_AUTO)));
		return;
	}
	if (p->bytes_max > JSONB_BYTES)
	{
		lite_infer_by_classes(inf, "JSON too long for jsonb");
		return;
	}
	if (unique)
	{
		lite_infer_by_classes(
			inf, "JSON in a key, where two spellings are two values");
		return;
	}
	inf->d->type = make_type(LITE_TYPE_JSONB, format);
	set_evidence(inf, "declared %s; %s, all JSON",
				 inf->facts->column->declared,
				 lite_values_text(inf->arena, p));
}

/*
 * A BLOB column.  Every blob a JSONB array or object, and enough bytes of
 * them that it cannot be chance: JSONB.
 */
void
lite_infer_by_bytea(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;

	if (inf->blobs == inf->values && !inf->facts->unique &&
		!inf->facts->key_family && inf->facts->infer != LITE_INFER_DECLARED &&
		p->fits[LITE_FIT_JSONB_BLOB] == inf->blobs &&
		p->blob_container_bytes >= 16 && p->blob_containers == inf->blobs)
	{
		inf->d->type = make_type(LITE_TYPE_JSONB, LITE_FORMAT_BLOB);
		set_evidence(inf, "%s; each is an array or object in SQLite's JSONB",
					 lite_values_text(inf->arena, p));
		return;
	}
	lite_infer_by_classes(inf, NULL);
	if (inf->blobs == inf->values &&
		p->fits[LITE_FIT_UUID_BLOB] == inf->blobs &&
		(lite_infer_ends_with(inf->facts->column->name, "uuid") ||
		 lite_infer_ends_with(inf->facts->column->name, "guid")))
		lite_infer_suggest(inf, make_type(LITE_TYPE_UUID, LITE_FORMAT_BLOB),
						   "every value has 16 bytes");
}

/* SQLite does not enforce VARCHAR(n), and what it let in stays. */
void
lite_infer_find_long_text(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;

	if (inf->declared.precision <= 0 ||
		p->text_max <= (size_t) inf->declared.precision ||
		inf->d->type.type != LITE_TYPE_TEXT || inf->d->code != NULL)
		return;
	lite_infer_find(inf, LITE_SEVERITY_INFO, "type",
					lite_arena_printf(
						inf->arena,
						"declared %s, but the longest value has %lld "
						"characters: becomes text",
						inf->facts->column->declared, (long long) p->text_max),
					NULL);
}
