@NullMarked
package org.bgppeer.replay;

import org.jspecify.annotations.NullMarked;
