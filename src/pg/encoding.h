/*
 * encoding.h
 *	  Text between SQLite (UTF-8) and the server's encoding.
 */
#ifndef LITE_ENCODING_H
#define LITE_ENCODING_H

#include "pg/compat.h"

/*
 * UTF-8 text (valid, no NUL) in the server's encoding: *result is text
 * itself where nothing has to change, else palloc'd.  false if a character
 * has no equivalent there.  *result is not NUL-terminated unless it is
 * palloc'd or text was.
 */
extern bool LiteTextToServer(const char *text, size_t len, const char **result,
							 size_t *result_len);

/*
 * A name from the file as a server string, palloc'd; throws
 * untranslatable_character, naming what ("column name").
 */
extern char *LiteNameToServer(const char *name, const char *what);

/*
 * A server string in UTF-8: s itself or palloc'd.  In an SQL_ASCII database
 * the bytes pass.
 */
extern const char *LiteNameFromServer(const char *s);
extern const char *LiteTextFromServer(const char *s, size_t len,
									  size_t *result_len);

/* For messages: never throws; what cannot be shown becomes '?'. */
extern const char *LiteTextForMessage(const char *text);

#endif /* LITE_ENCODING_H */
