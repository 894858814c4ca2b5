@NullMarked
package org.bgppeer.store;

import org.jspecify.annotations.NullMarked;
