/*
 * translate_agg.c
 *	  Aggregates, which only views have.
 *
 * SQLite's sum() of integers is an integer, PostgreSQL's of bigint a numeric;
 * avg() is a quotient of doubles; total() is never NULL; min() and max() of
 * text go by bytes.
 */
#include "core/translate_int.h"

#include <string.h>

typedef bool (*AggregateWriter)(Translator *t, const LiteExpr *expr,
								const Piece *args, const char *distinct,
								Piece *out);

typedef struct Aggregate
{
	const char *name;
	int least;
	int most;
	AggregateWriter write;
} Aggregate;

static bool
refuse_argument(Translator *t, const LiteExpr *expr)
{
	return lite_tr_refuse(t,
						  "%s() has an argument of a type that it is not "
						  "translated for.",
						  expr->text);
}

static bool
write_count(Translator *t, const LiteExpr *expr, const Piece *args,
			const char *distinct, Piece *out)
{
	if (expr->nargs == 0)
		lite_piece_init(out, "count(*)", LITE_TYPE_INT8);
	else if (*distinct != '\0' && (lite_is_json_type(args[0].type) ||
								   args[0].type == LITE_TYPE_NONE))
		return refuse_argument(t, expr);
	else
		lite_piece_init(out,
						tr_printf(t, "count(%s%s)", distinct, args[0].sql),
						LITE_TYPE_INT8);
	out->nullable = false;
	out->nonneg = true;
	return true;
}

/* The sum as PostgreSQL has it, and the type that it stands for. */
static const char *
sum_sql(Translator *t, const Piece *arg, const char *distinct, LiteType *type)
{
	*type = lite_is_integer_type(arg->type) || arg->type == LITE_TYPE_BOOL
				? LITE_TYPE_INT8
				: arg->type;
	if (arg->literal || arg->json_value ||
		(arg->mixed && arg->column != NULL) ||
		!(lite_is_number_type(arg->type) ||
		  (arg->type == LITE_TYPE_BOOL && arg->format == LITE_FORMAT_NATIVE)))
		return NULL;
	if (*type == LITE_TYPE_NUMERIC)
		lite_tr_note(t, "Sums of numeric are exact, SQLite's were in double "
						"precision.");
	return tr_printf(t, "sum(%s%s%s)", distinct, arg->sql,
					 arg->type == LITE_TYPE_BOOL ? "::integer" : "");
}

static bool
write_sum(Translator *t, const LiteExpr *expr, const Piece *args,
		  const char *distinct, Piece *out)
{
	LiteType type;
	const char *sql = sum_sql(t, &args[0], distinct, &type);

	if (sql == NULL)
		return refuse_argument(t, expr);
	lite_piece_init(out,
					type == LITE_TYPE_INT8 ? tr_printf(t, "%s::bigint", sql)
										   : sql,
					type);
	out->mixed = args[0].column != NULL && type == LITE_TYPE_FLOAT8 &&
				 args[0].affinity != LITE_AFFINITY_REAL;
	return true;
}

static bool
write_total(Translator *t, const LiteExpr *expr, const Piece *args,
			const char *distinct, Piece *out)
{
	LiteType type;
	const char *sql = sum_sql(t, &args[0], distinct, &type);

	if (sql == NULL)
		return refuse_argument(t, expr);
	lite_piece_init(out,
					tr_printf(t, "coalesce(%s::double precision, 0)", sql),
					LITE_TYPE_FLOAT8);
	out->nullable = false;
	return true;
}

static bool
write_avg(Translator *t, const LiteExpr *expr, const Piece *args,
		  const char *distinct, Piece *out)
{
	LiteType type;
	const char *sql = sum_sql(t, &args[0], distinct, &type);

	if (sql == NULL)
		return refuse_argument(t, expr);
	lite_piece_init(out,
					tr_printf(t, "(%s::double precision / count(%s%s))", sql,
							  distinct, args[0].sql),
					LITE_TYPE_FLOAT8);
	return true;
}

static bool
write_extreme(Translator *t, const LiteExpr *expr, const Piece *args,
			  const char *distinct, Piece *out)
{
	const char *name = (expr->text[1] | 0x20) == 'a' ? "max" : "min",
			   *suffix = "";
	const Piece *arg = &args[0];

	(void) distinct;
	if (arg->literal || arg->json_value ||
		(arg->mixed && arg->column != NULL) || arg->format == LITE_FORMAT_AUTO)
		return refuse_argument(t, expr);
	if (lite_is_text_type(arg->type))
		suffix = " COLLATE \"C\"";
	else if (arg->type == LITE_TYPE_BOOL)
		suffix = "::integer";
	else if (!lite_is_number_type(arg->type) && !lite_is_time_type(arg->type))
		return refuse_argument(t, expr);
	*out = *arg;
	out->sql = tr_printf(t, "%s(%s%s)", name, arg->sql, suffix);
	out->column = NULL;
	out->affinity = NO_AFFINITY;
	out->instant = NULL;
	out->integer_sql = NULL;
	out->nullable = true;
	if (arg->type == LITE_TYPE_BOOL)
		out->type = LITE_TYPE_INT4;
	return true;
}

static bool
write_group_concat(Translator *t, const LiteExpr *expr, const Piece *args,
				   const char *distinct, Piece *out)
{
	const char *sql, *separator = "','";

	if (args[0].json_value || !lite_tr_text(t, &args[0], &sql) ||
		(expr->nargs > 1 &&
		 (!args[1].literal || !lite_tr_text(t, &args[1], &separator))))
		return refuse_argument(t, expr);
	lite_piece_init(out,
					tr_printf(t, "string_agg(%s%s, %s)", distinct, sql,
							  separator),
					LITE_TYPE_TEXT);
	lite_tr_note(t, "The order within group_concat() is not defined, in "
					"either database.");
	return true;
}

static const Aggregate aggregates[] = {
	{"avg", 1, 1, write_avg},
	{"count", 0, 1, write_count},
	{"group_concat", 1, 2, write_group_concat},
	{"max", 1, 1, write_extreme},
	{"min", 1, 1, write_extreme},
	{"string_agg", 2, 2, write_group_concat},
	{"sum", 1, 1, write_sum},
	{"total", 1, 1, write_total},
};

static bool
write_aggregate(Translator *t, const Aggregate *aggregate,
				const LiteExpr *expr, Piece *out)
{
	Piece args[2];
	bool done = true;

	t->aggregates = false;
	for (int i = 0; i < expr->nargs && done; i++)
		done = lite_tr_expr(t, expr->args[i], &args[i]);
	t->aggregates = true;
	if (!done)
		return false;
	if (expr->nargs > 0 && args[0].collation != NULL &&
		sqlite3_stricmp(args[0].collation, "BINARY") != 0 &&
		(expr->distinct || aggregate->write == write_extreme))
		return lite_tr_refuse(t,
							  "%s() of text under NOCASE or RTRIM is not "
							  "translated.",
							  aggregate->name);
	t->naggregates++;
	return aggregate->write(t, expr, args, expr->distinct ? "DISTINCT " : "",
							out);
}

bool
lite_tr_aggregate(Translator *t, const LiteExpr *expr, bool *is_aggregate,
				  Piece *out)
{
	*is_aggregate = expr->star || expr->distinct;
	for (size_t i = 0; i < sizeof(aggregates) / sizeof(aggregates[0]); i++)
	{
		if (!lite_name_equal(expr->text, aggregates[i].name) ||
			expr->nargs < aggregates[i].least ||
			expr->nargs > aggregates[i].most ||
			(expr->nargs == 0 && !expr->star))
			continue;
		*is_aggregate = true;
		if (t->aggregates)
			return write_aggregate(t, &aggregates[i], expr, out);
	}
	return *is_aggregate &&
		   lite_tr_refuse(t, "It has an aggregate in it, which is not "
							 "translated.");
}
