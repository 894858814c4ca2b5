@NullMarked
package org.bgppeer.journal;

import org.jspecify.annotations.NullMarked;
