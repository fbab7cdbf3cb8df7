#include "loader.h"
bool
report_write(Loader *loader, const char *path, int exit_code,
			 const Failure *failure, Failure *problem)
{
	(void) loader;
	(void) path;
	(void) exit_code;
	(void) failure;
	(void) problem;
	return true;
}
