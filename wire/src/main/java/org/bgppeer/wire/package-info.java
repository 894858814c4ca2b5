@NullMarked
package org.bgppeer.wire;

import org.jspecify.annotations.NullMarked;
