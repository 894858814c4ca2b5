@NullMarked
package org.bgppeer.app;

import org.jspecify.annotations.NullMarked;
