package dev.tidemark.api;

import dev.tidemark.api.access.Callers;
import dev.tidemark.core.control.Control;

/** What a host brings. */
record Host(Control control, Callers callers, RequestLog requests) {}
